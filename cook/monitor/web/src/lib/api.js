// The engine's HTTP API. What a path answers is described where package monitor serves it.

const tokenKey = 'linecook.token'

let token = keepToken()

// keepToken takes the token out of the address bar, where it would be seen and bookmarked.
function keepToken() {
  const url = new URL(location.href)
  const given = url.searchParams.get('token')
  if (given !== null) {
    sessionStorage.setItem(tokenKey, given)
    url.searchParams.delete('token')
    history.replaceState(history.state, '', url)
  }
  return sessionStorage.getItem(tokenKey) ?? ''
}

// setToken gives the token that changes need; the engine tells it to pages of its own on loopback.
export function setToken(given) {
  if (given) token = given
}

// An ApiError is what the engine answered instead of what it was asked for. Its message is for people.
export class ApiError extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

async function ask(url, options = {}) {
  const headers = { ...options.headers }
  if (token) headers.Authorization = `Bearer ${token}`
  let response
  try {
    response = await fetch(url, { ...options, headers })
  } catch (cause) {
    if (cause.name === 'AbortError') throw cause
    throw new ApiError(0, 'the engine does not answer')
  }
  const body = await response.json().catch(() => ({}))
  if (!response.ok) throw new ApiError(response.status, body.error ?? `${url}: ${response.status} ${response.statusText}`)
  return body
}

function get(path, query = {}, signal) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  return ask(`${path}?${new URLSearchParams(given)}`, { signal })
}

function post(path, body) {
  return ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
}

// Each takes an AbortSignal last, if it is to be called off.
export const getGraph = (signal) => get('api/graph', {}, signal)
export const getNode = (path, signal) => get('api/node', { path }, signal)
export const getTable = (path, from, count, signal) => get('api/table', { path, from, count }, signal)
export const getRaw = (path, from, count, signal) => get('api/raw', { path, from, count }, signal)
export const getPeers = (path, signal) => get('api/peers', { path }, signal)
export const getErrors = (signal) => get('api/errors', {}, signal)
export const getTake = (signal) => get('api/take', {}, signal)

// Changes: refused unless the engine was started with --monitor-write (graph.engine.write).
export const setParam = (path, param, value) => post('api/set', { path, param, value })
export const pulse = (path, param) => post('api/pulse', { path, param })
export const setFlag = (path, flags) => post('api/flag', { path, ...flags })
export const closePeer = (node, id) => post('api/peers/close', { node, id })

// feedURL is where the WebSocket is.
export function feedURL() {
  const url = new URL('feed', location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  if (token) url.searchParams.set('token', token)
  return url
}
