/**
 * A CSV file of so many people with everything an import can make: account, box, public number, phone, line, entry.
 * Files with another `first` name other phones and public numbers.
 */
export function writePeopleFile(count: number, first = 0): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const extension = 10_000 + at
    const mac = `001565${(first + at).toString(16).padStart(6, '0')}`
    const did = `+4930${5_000_000 + first + at}`
    return `${extension},Given ${at},Family ${at},person${at}@example.org,${did},${mac},T46U,Berlin`
  })
  return `extension,first_name,last_name,email,did,mac,model,desk\n${rows.join('\n')}\n`
}
