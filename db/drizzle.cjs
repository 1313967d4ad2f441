// Drizzle as CommonJS. As ES modules Node reads its package.json, of 180 KB, anew for each of its hundred files
// (https://github.com/nodejs/node/issues/58126): two seconds and 200 MB of every program that has to do with the database.
module.exports = {
  ...require('drizzle-orm'),
  ...require('drizzle-orm/pg-core'),
  ...require('drizzle-orm/postgres-js'),
  ...require('drizzle-orm/migrator'),
  ...require('drizzle-orm/postgres-js/migrator'),
};
