import { NetworkError } from './network.ts'

/** A fresh code of `wx.login`: 5 minutes, one use, asks the person nothing (platform 8.2). @throws NetworkError */
export function loginCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.login({
      success: ({ code }) => resolve(code),
      fail: ({ errMsg }) => reject(new NetworkError(errMsg)),
    })
  })
}
