import { PageTitle } from '../ui/page-title.tsx';
import { DangerSection } from './danger-section.tsx';
import { FilesSection } from './files-section.tsx';
import { GeneratorSection } from './generator-section.tsx';
import { StorageSection } from './storage-section.tsx';

/** Everything about the data as such: how much there is, in and out, and a way to make plenty. */
export function LibraryDataView() {
  return (
    <section class="page" aria-labelledby="page-title">
      <header class="page-head">
        <div>
          <PageTitle>Data</PageTitle>
          <p class="page-count">Your library is a SQLite database inside this browser. It is yours to take along.</p>
        </div>
      </header>
      <div class="panels">
        <StorageSection />
        <FilesSection />
        <GeneratorSection />
        <DangerSection />
      </div>
    </section>
  );
}
