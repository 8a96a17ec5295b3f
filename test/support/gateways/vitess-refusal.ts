/** What Vitess answers in place of a result. */
export class VitessRefusal extends Error {
  readonly keyspace: string;

  constructor(keyspace: string, code: string, text: string) {
    super(`target: ${keyspace}.-.primary: vttablet: rpc error: code = ${code} desc = ${text}`);
    this.keyspace = keyspace;
  }
}

/** The codes of gRPC that vttablet gives errors of MySQL. */
const CODES: ReadonlyMap<number, string> = new Map([
  [1062, 'AlreadyExists'],
  [1205, 'DeadlineExceeded'],
  [1213, 'Aborted'],
  [1064, 'InvalidArgument'],
  [1142, 'PermissionDenied'],
  [1227, 'PermissionDenied'],
  [1317, 'Canceled'],
  [1048, 'InvalidArgument'],
  [1451, 'FailedPrecondition'],
  [1452, 'FailedPrecondition'],
]);

/** The refusal for an error of MySQL; the statement is told with placeholders for its values. */
export function refusalOf(
  keyspace: string,
  { errno, sqlState, message }: { errno: number; sqlState: string; message: string },
  query: string,
): VitessRefusal {
  const text = query.replace(/'(?:[^'\\]|\\.|'')*'/gs, ':vtg1').slice(0, 500);
  const where = `(errno ${errno}) (sqlstate ${sqlState}) (CallerID: gateway): Sql: "${text}", BindVars: {REDACTED}`;
  return new VitessRefusal(keyspace, CODES.get(errno) ?? 'Unknown', `${message} ${where}`);
}
