import base from './jest.config.mjs';

/** The dbt package, built by dbt in DuckDB and in a Postgres that the tests start. */
export default {
  ...base,
  testMatch: ['<rootDir>/integration_tests/models/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 240_000,
};
