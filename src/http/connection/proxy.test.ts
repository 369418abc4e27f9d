import { describe, expect, test } from '@jest/globals';
import { proxyFor, type Environment } from './proxy.ts';

const ASHBY = 'https://api.ashbyhq.com/job.list';
const proxy = 'http://proxy.example.com:3128';

function nameFor(environment: Environment, url = ASHBY): string | undefined {
  return proxyFor(new URL(url), environment)?.name;
}

describe('the proxy', () => {
  test.each<[string, Environment]>([
    ['HTTPS_PROXY', { HTTPS_PROXY: proxy }],
    ['https_proxy', { https_proxy: proxy, HTTPS_PROXY: 'http://other.example.com' }],
    ['ALL_PROXY', { ALL_PROXY: proxy }],
    ['HTTPS_PROXY before ALL_PROXY', { HTTPS_PROXY: proxy, all_proxy: 'http://other.example.com' }],
    ['a value with blanks around it', { HTTPS_PROXY: ` ${proxy} ` }],
  ])('comes from %s', (_case, environment) => {
    expect(nameFor(environment)).toBe('proxy.example.com:3128');
  });

  test.each<[string, Environment, string]>([
    ['where nothing is set', {}, ASHBY],
    ['where the variable is empty', { HTTPS_PROXY: '' }, ASHBY],
    ['for https where only HTTP_PROXY is set', { HTTP_PROXY: proxy }, ASHBY],
    ['for plain http', { HTTP_PROXY: proxy, ALL_PROXY: proxy }, 'http://simulator.example.com'],
    ['for this machine', { HTTPS_PROXY: proxy }, 'https://localhost:8443'],
    ['for this machine by number', { HTTPS_PROXY: proxy }, 'https://127.0.0.1'],
    ['for this machine by number 6', { HTTPS_PROXY: proxy }, 'https://[::1]:8443'],
  ])('is none %s', (_case, environment, url) => {
    expect(nameFor(environment, url)).toBeUndefined();
  });

  test.each<[string, boolean]>([
    ['api.ashbyhq.com', true],
    ['API.ashbyhq.COM', true],
    ['ashbyhq.com', true],
    ['.ashbyhq.com', true],
    ['*.ashbyhq.com', true],
    ['other.example.com, ashbyhq.com', true],
    ['other.example.com ashbyhq.com', true],
    ['ashbyhq.com:443', true],
    ['*', true],
    ['ashbyhq.com:8443', false],
    ['hbyhq.com', false],
    ['api.ashbyhq.com.example.com', false],
    ['', false],
    [',', false],
    ['.', false],
  ])('with NO_PROXY "%s" is left out: %s', (list, leftOut) => {
    expect(nameFor({ HTTPS_PROXY: proxy, NO_PROXY: list }) === undefined).toBe(leftOut);
  });

  test.each([
    ['user:p%40ss%3Aword', 'user:p@ss:word'],
    ['user', 'user:'],
    ['us%er:50%', 'us%er:50%'],
    ['j%C3%BCrgen:x', 'jürgen:x'],
  ])('is sent the credentials %s decoded', (written, sent) => {
    const found = proxyFor(new URL(ASHBY), { HTTPS_PROXY: `http://${written}@proxy.example.com:3128` });
    expect(found?.authorization).toBe(`Basic ${Buffer.from(sent).toString('base64')}`);
    expect(found?.name).toBe('proxy.example.com:3128');
  });

  test('has the port of its scheme where none is given', () => {
    const of = (address: string) => proxyFor(new URL(ASHBY), { HTTPS_PROXY: address });
    expect(of('http://p.example.com')).toMatchObject({ secure: false, host: 'p.example.com', port: 80 });
    expect(of('https://p.example.com')).toMatchObject({ secure: true, port: 443 });
    expect(of('http://[::1]:8080')).toMatchObject({ host: '::1', port: 8080 });
  });

  test.each([
    ['user:hush-hush@proxy.example.com:3128', /does not start with http/],
    ['proxy.example.com:3128', /does not start with http/],
    ['socks5://user:hush-hush@proxy.example.com:1080', /starts with socks5:\/\//],
    ['http://user:hush-hush@proxy.example.com:port', /not a valid address/],
    ['http://', /not a valid address/],
  ])('that is given as %s is refused in a sentence that names the variable and no secret', (address, why) => {
    const refused = (): unknown => proxyFor(new URL(ASHBY), { HTTPS_PROXY: address });
    expect(refused).toThrow(why);
    expect(refused).toThrow(expect.objectContaining({ failureType: 'config_error' }));
    expect(refused).toThrow(/HTTPS_PROXY/);
    expect(refused).not.toThrow(/hush-hush/);
  });
});
