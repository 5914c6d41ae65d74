export const tokenFor = (address: URL) => `token for ${address.host}`
