declare const sealedBrand: unique symbol

/** Ciphertext made by the vault. Plaintext is a Buffer without this mark and does not fit. */
export type Sealed = Buffer & { readonly [sealedBrand]: true }
