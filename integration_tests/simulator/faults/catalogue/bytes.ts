/** What happens to the bytes of an answer whose status is 200. */

import { entries } from './entry.ts';

const MB = 1_000_000;
const page = '<!doctype html><html><head><title>Sign in</title></head><body>Sign in to go on</body></html>';
const proxy = '<html><head><title>502 Bad Gateway</title></head><body><hr>proxy</body></html>';

const broken = entries('bytes', { passes: 'once', at: 'any' }, [
  { name: 'truncated', does: 'Half of the JSON, as if it was all.', effect: { kind: 'cut' } },
  { name: 'json-garbage-after', does: 'More text after the JSON.', effect: { kind: 'wrap', after: '}]' } },
  {
    name: 'json-guard-before',
    does: 'A guard against scripts before the JSON.',
    effect: { kind: 'wrap', before: ")]}',\n" },
  },
  {
    name: 'json-two',
    does: 'Two JSON texts, one after the other.',
    effect: { kind: 'wrap', before: '{"success":true,"results":[]}' },
  },
  {
    name: 'json-callback',
    does: 'The JSON as the argument of a call.',
    effect: { kind: 'wrap', before: 'callback(', after: ')' },
  },
  {
    name: 'json-quotes',
    does: 'JSON with single quotes.',
    effect: { kind: 'replace', body: "{'success':true,'results':[]}" },
  },
  {
    name: 'json-comma',
    does: 'JSON with a comma too many.',
    effect: { kind: 'replace', body: '{"success":true,"results":[],}' },
  },
  {
    name: 'json-nan',
    does: 'A number that JSON does not have.',
    effect: { kind: 'replace', body: '{"success":true,"results":[{"id":NaN}]}' },
  },
  { name: 'json-null', does: 'The JSON text null.', effect: { kind: 'replace', body: 'null' } },
  { name: 'json-list', does: 'A list without an envelope.', effect: { kind: 'replace', body: '[]' } },
  { name: 'json-string', does: 'A JSON string.', effect: { kind: 'replace', body: '"ok"' } },
  { name: 'json-number', does: 'A JSON number.', effect: { kind: 'replace', body: '1' } },
  { name: 'json-true', does: 'The JSON text true.', effect: { kind: 'replace', body: 'true' } },
  { name: 'json-empty-object', does: 'An empty object.', effect: { kind: 'replace', body: '{}' } },
  { name: 'text', does: 'A sentence instead of JSON.', effect: { kind: 'replace', body: 'We will be back soon.' } },
  { name: 'xml', does: 'XML instead of JSON.', effect: { kind: 'replace', body: '<?xml version="1.0"?><error/>' } },
  { name: 'empty-body', does: 'No body.', effect: { kind: 'replace', body: '' } },
  { name: 'blank-body', does: 'A body of white space.', effect: { kind: 'replace', body: ' \n' } },
  { name: 'html', does: "A page of HTML, such as a sign-in, with HTML's content type.", effect: { kind: 'html' } },
  { name: 'html-as-json', does: 'A page of HTML that is called JSON.', effect: { kind: 'replace', body: page } },
  {
    name: 'html-of-proxy',
    does: "A proxy's error page with status 200.",
    effect: { kind: 'status', status: 200, body: proxy, headers: { 'content-type': 'text/html', via: '1.1 proxy' } },
  },
  { name: 'invalid-utf8', does: 'Bytes inside a string that are no UTF-8.', effect: { kind: 'invalidUtf8' } },
  { name: 'length-short', does: 'Content-Length is 20 bytes less than the body.', effect: { kind: 'length', by: -20 } },
  { name: 'length-long', does: 'Content-Length is 20 bytes more than the body.', effect: { kind: 'length', by: 20 } },
  {
    name: 'gzip-truncated',
    does: 'Half of a gzip body, as if it was all.',
    effect: { kind: 'compressed', as: 'gzip', cut: true },
  },
  {
    name: 'brotli-truncated',
    does: 'Half of a brotli body, as if it was all.',
    effect: { kind: 'compressed', as: 'br', cut: true },
  },
  {
    name: 'deflate-truncated',
    does: 'Half of a deflate body, as if it was all.',
    effect: { kind: 'compressed', as: 'deflate', cut: true },
  },
  {
    name: 'gzip-claimed',
    does: 'A plain body that is called gzip.',
    effect: { kind: 'compressed', as: 'gzip', lie: true },
  },
  {
    name: 'brotli-claimed',
    does: 'A plain body that is called brotli.',
    effect: { kind: 'compressed', as: 'br', lie: true },
  },
]);

const harmless = entries('bytes', { passes: 'always', at: 'any' }, [
  { name: 'byte-order-mark', does: 'A byte order mark before the JSON.', effect: { kind: 'wrap', before: '\ufeff' } },
  {
    name: 'white-space',
    does: 'White space around the JSON.',
    effect: { kind: 'wrap', before: '\r\n\t ', after: '\n\n' },
  },
  {
    name: 'type-text',
    does: 'Right JSON that is called plain text.',
    effect: { kind: 'contentType', value: 'text/plain' },
  },
  {
    name: 'type-html',
    does: 'Right JSON that is called HTML.',
    effect: { kind: 'contentType', value: 'text/html; charset=utf-8' },
  },
  {
    name: 'type-latin1',
    does: 'Right JSON with the wrong charset in its type.',
    effect: { kind: 'contentType', value: 'application/json; charset=iso-8859-1' },
  },
  { name: 'type-none', does: 'Right JSON without a content type.', effect: { kind: 'contentType', value: null } },
  { name: 'gzip', does: 'A gzip body.', effect: { kind: 'compressed', as: 'gzip' } },
  { name: 'brotli', does: 'A brotli body.', effect: { kind: 'compressed', as: 'br' } },
  { name: 'deflate', does: 'A deflate body.', effect: { kind: 'compressed', as: 'deflate' } },
  { name: 'padded', does: 'A right answer with 2 MB of white space in it.', effect: { kind: 'padded', bytes: 2 * MB } },
]);

const tooLarge = entries('bytes', { passes: 'once', at: 'any' }, [
  { name: 'huge', does: 'An answer of 40 MB.', effect: { kind: 'padded', bytes: 40 * MB } },
  {
    name: 'bomb',
    does: 'A small gzip body that unpacks to 120 MB.',
    effect: { kind: 'padded', bytes: 120 * MB, bomb: true },
  },
]);

export const byteFaults = [...broken, ...harmless, ...tooLarge];
