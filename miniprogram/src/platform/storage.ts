/** Reads what `writeStored` kept; null when there is nothing. The value was written by an older version perhaps: check its shape. */
export function readStored(key: string): unknown {
  const value: unknown = wx.getStorageSync(key)
  return value === '' || value === undefined ? null : value
}

/** Keeps a value on the phone. Never a phone number, a session token or a code of WeChat: the storage is not encrypted. */
export function writeStored(key: string, value: object): void {
  wx.setStorageSync(key, value)
}

export function removeStored(key: string): void {
  wx.removeStorageSync(key)
}
