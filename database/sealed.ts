declare const sealedBrand: unique symbol

/** Ciphertext made by the vault. Plaintext is a Buffer without this mark and does not fit. */
export type Sealed = Buffer & { readonly [sealedBrand]: true }

declare const frameBrand: unique symbol

/** One frame of a file, sealed by the vault. */
export type SealedFrame = Buffer & { readonly [frameBrand]: true }
