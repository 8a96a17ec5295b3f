import { ConfigurationError, type ErrorDetails, type PersistenceError, ValidationError } from '../errors.ts';

/** The error about a value or an argument. Like every error about an entity it begins with the names: `posts.title: …`. */
export function invalid(entity: string, property: string | null, problem: string): ValidationError {
  return about(ValidationError, entity, property, problem);
}

/** The error about a declaration. */
export function misdeclared(
  entity: string,
  property: string | null,
  problem: string,
  cause?: unknown,
): ConfigurationError {
  return about(ConfigurationError, entity, property, problem, cause);
}

function about<E extends PersistenceError>(
  Kind: new (message: string, details: ErrorDetails) => E,
  entity: string,
  property: string | null,
  problem: string,
  cause?: unknown,
): E {
  const details = { entity, cause };
  return property === null
    ? new Kind(`${entity}: ${problem}`, details)
    : new Kind(`${entity}.${property}: ${problem}`, { ...details, property });
}
