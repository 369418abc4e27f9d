import base from '../../jest.config.mjs';

/** Tests named after Airbyte's acceptance tests, and others of the clients that need no Python. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/integration_tests/clients/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  verbose: true,
};
