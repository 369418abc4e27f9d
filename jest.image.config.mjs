import base from './jest.config.mjs';

/** Builds the container image and runs it; where there is no docker it says so and passes. */
export default {
  ...base,
  testMatch: ['<rootDir>/integration_tests/container/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  verbose: true,
};
