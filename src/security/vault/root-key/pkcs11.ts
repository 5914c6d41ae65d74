export const pinOf = (token: string) => `PIN of the token ${token}`
