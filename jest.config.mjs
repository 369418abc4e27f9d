/** Jest runs native ES modules (yargs is ESM only); esbuild only strips types. */
export default {
  testEnvironment: 'node',
  testMatch: [
    '<rootDir>/src/**/*.test.ts',
    '<rootDir>/integration_tests/**/*.test.ts',
    '<rootDir>/scripts/**/*.test.ts',
  ],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    '/integration_tests/container/',
    '/integration_tests/clients/',
    '/integration_tests/models/',
    '/integration_tests/webhooks/postgres/',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/scripts/jest-transform.mjs' },
  globalSetup: '<rootDir>/integration_tests/support/leaks-setup.mjs',
  globalTeardown: '<rootDir>/integration_tests/support/leaks-teardown.mjs',
  // Jest leaves one core free unless told; on two cores that doubles the time.
  maxWorkers: '100%',
  testTimeout: 60_000,
};
