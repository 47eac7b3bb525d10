/** Packages that cannot be bundled, because they load a native library from their own folder, and what a device needs of them. */
export function nativePackages(platform: string): Readonly<Record<string, readonly string[]>> {
  const [os, arch] = platform.split('-');
  const about = ['package.json', 'LICEN[CS]E*'];
  return {
    'better-sqlite3': [...about, 'lib/**/*.js', `prebuilds/${platform}.node`],
    'onnxruntime-node': [...about, 'dist/**/*.js', `bin/napi-v6/${os}/${arch}/**`],
    'onnxruntime-common': [...about, 'dist/**/*.js', 'dist/**/package.json'],
    sharp: [...about, 'dist/*.{cjs,mjs}'],
    [`@img/sharp-${platform}`]: [...about, 'index.cjs', 'lib/*.node'],
    [`@img/sharp-libvips-${platform}`]: [...about, 'README.md', 'versions.json', 'lib/index.js', 'lib/*.so*'],
    // What sharp itself asks for.
    '@img/colour': [...about, '*.{js,cjs,mjs}'],
    'detect-libc': [...about, 'lib/*.js'],
    semver: [...about, '*.js', '{classes,functions,internal,ranges}/*.js'],
  };
}
