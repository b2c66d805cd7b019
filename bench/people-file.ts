/** A CSV file of so many people with everything an import can make: account, box, public number, phone, line, entry. */
export function writePeopleFile(count: number): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const extension = 10_000 + at
    const mac = `001565${at.toString(16).padStart(6, '0')}`
    return `${extension},Given ${at},Family ${at},person${at}@example.org,+4930${5_000_000 + at},${mac},T46U,Berlin`
  })
  return `extension,first_name,last_name,email,did,mac,model,desk\n${rows.join('\n')}\n`
}
