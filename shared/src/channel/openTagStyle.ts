/**
 * Style of the button inside WeChat's open tag. WeChat draws it in a room of its own that knows none of the page's styles, and px only; the
 * invite page's policy names this text by its hash, in case that room obeys it.
 */
export const openTagStyle =
  '.join{display:block;width:100%;height:48px;line-height:48px;border:0;border-radius:8px;background:#0f766e;color:#ffffff;font-size:16px;font-weight:600;text-align:center;font-family:-apple-system,PingFang SC,sans-serif}'
