/** As people write it: 0403.170.701, NL 1234.56.789.B01, KvK 12345678. What is no such number stays as it is. */
export function writeNumber(value: string): string {
  return value
    .replace(/^(?:BE)?(\d{4})(\d{3})(\d{3})$/, '$1.$2.$3')
    .replace(/^NL(\d{4})(\d{2})(\d{3})(B\d{2})$/, 'NL $1.$2.$3.$4')
    .replace(/^(\d{8})$/, 'KvK $1')
    .replace(/^RSIN(\d)/, 'RSIN $1')
}
