/**
 * Private names as they are written, and as compilers write them otherwise: esbuild, tsc, and Babel with SWC. What a
 * minifier renamed is not seen; there the runtime's own error tells, see {@link isPrivateAccessError}.
 */
const PRIVATE_NAMES =
  /\.\s*#[\p{ID_Start}$_]|#[\p{ID_Start}$_][\p{ID_Continue}$]*\s+in\b|\b__private(?:Get|Set|Method|In|Wrapper)\b|\b__classPrivateField(?:Get|Set|In)\b|\b_(?:class_private|assertClassBrand)/u;

const known = new WeakMap<object, boolean>();

/** Whether the class of an object, or one that it extends, uses `#private` names, which no object but its own instances has. */
export function hasPrivateState(instance: object): boolean {
  for (
    let prototype = Object.getPrototypeOf(instance);
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const declaration: unknown = prototype.constructor;
    if (typeof declaration === 'function' && namesPrivates(declaration)) return true;
  }
  return false;
}

function namesPrivates(declaration: object): boolean {
  let found = known.get(declaration);
  if (found === undefined) {
    // Any function's: a class may have a static toString of its own.
    found = PRIVATE_NAMES.test(namesPrivates.toString.call(declaration));
    known.set(declaration, found);
  }
  return found;
}

/**
 * Whether an error says that a `#private` name was looked for in an object without it. All engines and compilers throw a
 * TypeError that speaks of private names, except for V8's about private methods.
 */
export function isPrivateAccessError(error: unknown): error is TypeError {
  return error instanceof TypeError && /private|^(?:receiver|object) must be /i.test(error.message);
}
