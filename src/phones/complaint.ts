/** What is wrong with a phone family. A value: all are collected, so that a contributor sees them at once. */
export type Complaint = { family: string; code: string; message: string }
