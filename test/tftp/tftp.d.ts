declare module 'tftp' {
  type Client = {
    get(remote: string, local: string, callback: (error?: Error | null) => void): void
  }
  const tftp: {
    createClient: (options: { host: string; port: number; windowSize?: number; blockSize?: number }) => Client
  }
  export default tftp
}
