import base from './jest.config.mjs';

/** The webhook inbox in Postgres, a real server that the tests start and kill. */
export default {
  ...base,
  testMatch: ['<rootDir>/integration_tests/webhooks/postgres/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
};
