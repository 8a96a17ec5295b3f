// The database runs here, so that a long query or a large commit never holds up typing or scrolling.
import 'meshestra/sqljs/worker';
