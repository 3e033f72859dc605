// Puts text on the clipboard. The clipboard's API is there only for pages from loopback or by TLS
// elsewhere the browser copies from a text field.
export async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text)
  }
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  const before = document.activeElement
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  before?.focus?.()
  if (!copied) throw new Error('the browser did not allow to copy')
}
