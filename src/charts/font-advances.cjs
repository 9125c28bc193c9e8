'use strict';

// Vega lays a chart out by the width of its texts and asks a canvas for it. There is none here, and Vega's fallback
// (0.8 em a character) is a third too wide, so the advance widths are read from the font the picture is drawn with.
const fs = require('node:fs');

/** A function from text to its width in em. Kerning is left out: it changes a label by less than a pixel. */
exports.loadAdvances = (file) => {
  const font = fs.readFileSync(file);
  const tables = readTables(font);
  const unitsPerEm = font.readUInt16BE(tables.get('head') + 18);
  const longMetrics = font.readUInt16BE(tables.get('hhea') + 34);
  const hmtx = tables.get('hmtx');
  const glyphOf = readCharacterMap(font, tables.get('cmap'));
  const advanceOf = (glyph) => font.readUInt16BE(hmtx + 4 * Math.min(glyph, longMetrics - 1)) / unitsPerEm;
  return (text) => {
    let width = 0;
    for (const character of text) width += advanceOf(glyphOf(character.codePointAt(0)));
    return width;
  };
};

function readTables(font) {
  const count = font.readUInt16BE(4);
  const entries = Array.from({ length: count }, (_, index) => 12 + 16 * index);
  return new Map(entries.map((at) => [font.toString('latin1', at, at + 4), font.readUInt32BE(at + 8)]));
}

/** The subtable of format 4 (Unicode's first plane), which every TrueType font has; other characters are glyph 0. */
function readCharacterMap(font, cmap) {
  const count = font.readUInt16BE(cmap + 2);
  const offsets = Array.from({ length: count }, (_, index) => cmap + font.readUInt32BE(cmap + 8 + 8 * index));
  const table = offsets.find((offset) => font.readUInt16BE(offset) === 4);
  if (table === undefined) throw new Error('The font has no character map of format 4.');
  const doubled = font.readUInt16BE(table + 6);
  const ends = table + 14;
  const starts = ends + doubled + 2;
  const deltas = starts + doubled;
  const ranges = deltas + doubled;
  return (code) => {
    for (let at = 0; at < doubled; at += 2) {
      if (code > font.readUInt16BE(ends + at)) continue;
      const start = font.readUInt16BE(starts + at);
      if (code < start) return 0;
      const range = font.readUInt16BE(ranges + at);
      const delta = font.readUInt16BE(deltas + at);
      if (range === 0) return (code + delta) & 0xffff;
      const glyph = font.readUInt16BE(ranges + at + range + 2 * (code - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
