import type { ExpressionNode, SelectNode } from '../ast/query-node.ts';
import type { BatchStatement } from '../compiler/batch-dialect.ts';
import type { CompiledStatement } from '../compiler/compiled-statement.ts';
import type {
  ColumnMetadata,
  EntityMetadata,
  LinkColumn,
  LinkMetadata,
  RelationMetadata,
} from '../metadata/entity-metadata.ts';
import type { FindPlan } from '../query/find-plan.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import type { LinkLoading, OwnerRow } from './load-relation.ts';
import type { PopulateTree } from './populate.ts';
import type { Reader } from './reader.ts';

/** What all loading does, handed in, so that programs without batches need not share it with this part. */
export interface LoadingParts {
  bindStatement(compiled: CompiledStatement, values: readonly WireValue[]): { readonly params: readonly WireValue[] };
  selectRows(meta: EntityMetadata, where: ExpressionNode, match: readonly ColumnMetadata[]): SelectNode;
  openOwners(unit: Reader['unit'], relation: RelationMetadata, owners: readonly object[]): OwnerRow[];
  giveRows(
    unit: Reader['unit'],
    relation: RelationMetadata,
    owners: readonly OwnerRow[],
    rows: readonly WireRow[],
  ): void;
  relatedEntities(relation: RelationMetadata, owners: readonly object[]): object[];
}

/** The rows to load, and the relations to load with them. */
export interface GraphRequest {
  readonly meta: EntityMetadata;
  readonly root: FindPlan;
  /** The same rows in any order; the root itself where a limit depends on the order. */
  readonly rows: FindPlan;
  readonly tree: PopulateTree;
}

/**
 * Reads entities with all relations of a tree in one request, and in one snapshot where the engine has it: the statement of
 * a relation selects the rows of the level above once more, as sub-queries.
 */
export async function loadInBatch(
  reader: Reader,
  { meta, root, rows, tree }: GraphRequest,
  parts: LoadingParts,
): Promise<object[]> {
  const batch = new GraphBatch(reader, parts, rows);
  batch.add(root);
  batch.descend(batch.rootRows(), tree);
  const { signal } = reader.limits;
  const options = signal === undefined ? { readOnly: true } : { readOnly: true, signal };
  const results = await reader.session.batch(batch.statements, options);
  const entities = reader.unit.load(meta, results[0]?.rows ?? []) as object[];
  batch.give(entities, tree, results);
  return entities;
}

/** Gives the text of a SELECT of some columns of certain rows, as they are stored. */
type RowsOf = (columns: readonly (ColumnMetadata | LinkColumn)[]) => string;

const ALIAS = 't0';

/** The statements of a graph, and where the answers to those of a relation stand. */
class GraphBatch {
  readonly statements: BatchStatement[] = [];
  readonly #reader: Reader;
  readonly #parts: LoadingParts;
  /** The root's rows, whose parameters are those of every statement. */
  readonly #rows: FindPlan;
  readonly #places = new Map<PopulateTree, Map<RelationMetadata, number>>();

  constructor(reader: Reader, parts: LoadingParts, rows: FindPlan) {
    this.#reader = reader;
    this.#parts = parts;
    this.#rows = rows;
  }

  add({ compiled, values }: FindPlan): void {
    const { params } = this.#parts.bindStatement(compiled, values);
    this.statements.push({ sql: compiled.sql, params, writes: [] });
  }

  // The root reads its columns in the form in which they come to the application.
  rootRows(): RowsOf {
    const { quote, hooks } = this.#reader.session.dialect;
    const root = quote('m:root');
    return (columns) =>
      `SELECT ${(columns as readonly ColumnMetadata[]).map(({ name, type }) => hooks.stored(`${root}.${quote(name)}`, type)).join(', ')} FROM (${this.#rows.compiled.sql}) AS ${root}`;
  }

  descend(owners: RowsOf, tree: PopulateTree): void {
    const places = new Map<RelationMetadata, number>();
    this.#places.set(tree, places);
    for (const [relation, branch] of tree) {
      places.set(relation, this.statements.length);
      this.descend(
        relation.link === null ? this.#readRows(owners, relation) : this.#readLinks(owners, relation, relation.link),
        branch,
      );
    }
  }

  give(owners: readonly object[], tree: PopulateTree, results: readonly ResultSet[]): void {
    for (const [relation, branch] of tree) {
      const { family } = relation.owner;
      const { registry } = this.#reader.unit.context;
      const own = owners.filter((owner) => family.some((member) => member === registry.of(owner)));
      this.#giveRelation(own, relation, results, this.#places.get(tree)?.get(relation) ?? 0);
      this.give(this.#parts.relatedEntities(relation, own), branch, results);
    }
  }

  #giveRelation(
    owners: readonly object[],
    relation: RelationMetadata,
    results: readonly ResultSet[],
    place: number,
  ): void {
    const { unit } = this.#reader;
    const { link, target, support } = relation;
    const rows = results[place]?.rows ?? [];
    if (relation.kind === 'to-one') {
      unit.load(target, rows);
      return;
    }
    const open = this.#parts.openOwners(unit, relation, owners);
    if (link === null) this.#parts.giveRows(unit, relation, open, rows);
    else {
      const targets = results[place + 1]?.rows ?? [];
      (support as LinkLoading).give(this.#reader, relation, link, open, { pairs: rows, targets });
    }
  }

  #readRows(owners: RowsOf, { kind, target, inverse, columns, owner }: RelationMetadata): RowsOf {
    return kind === 'to-one'
      ? this.#readTargets(target, target.root.primaryKey, owners(columns))
      : this.#readTargets(target, inverse?.columns ?? [], owners(owner.root.primaryKey));
  }

  #readLinks(owners: RowsOf, { target, owner, support }: RelationMetadata, link: LinkMetadata): RowsOf {
    const where = this.#among(link.ownColumns, owners(owner.root.primaryKey));
    this.#read(`${link.table}\0${where}`, (support as LinkLoading).select(link, raw(where)));
    const pairs = this.#rowsOf(link.table, where);
    return this.#readTargets(target, target.root.primaryKey, pairs(link.targetColumns));
  }

  #readTargets(target: EntityMetadata, match: readonly ColumnMetadata[], keys: string): RowsOf {
    const where = this.#among(match, keys);
    this.#read(`${target.root.table}\0${where}`, this.#parts.selectRows(target, raw(where), match));
    return this.#rowsOf(target.root.table, where);
  }

  #read(shape: string, node: SelectNode): void {
    const { compiled, values } = this.#rows;
    const { sql } = this.#reader.session.compile(`graph ${shape}`, () => node);
    const { params } = this.#parts.bindStatement(compiled, values);
    this.statements.push({ sql, params, writes: [] });
  }

  #rowsOf(table: string, where: string): RowsOf {
    const { dialect } = this.#reader.session;
    const from = `${dialect.quote(table)} AS ${dialect.quote(ALIAS)}`;
    return (columns) => `SELECT ${this.#names(columns, ALIAS)} FROM ${from} WHERE ${where}`;
  }

  #among(columns: readonly { readonly name: string }[], rows: string): string {
    return `(${this.#names(columns, ALIAS)}) IN (${rows})`;
  }

  #names(columns: readonly { readonly name: string }[], alias: string): string {
    const { quote } = this.#reader.session.dialect;
    return columns.map(({ name }) => `${quote(alias)}.${quote(name)}`).join(', ');
  }
}

function raw(text: string): ExpressionNode {
  return { kind: 'raw', texts: [text], holes: [] };
}
