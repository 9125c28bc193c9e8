import { gzipSync } from 'node:zlib';
import type { PlayOptions } from '../../player/model/play-options';
import { toDocument } from '../../player/model/player-run';
import type { PlayerRun } from '../../player/model/player-run';

/** A whole page with one run in it: no request leaves it, and no kernel is needed. */
export function playerPage(run: PlayerRun, options: PlayOptions, script: string): string {
  const json = JSON.stringify({ run: toDocument(run), options });
  const packed = gzipSync(json, { level: 9 }).toString('base64');
  return pageWith({
    title: run.title,
    body: `<div id="player"></div>\n<script type="application/octet-stream" id="run">${packed}</script>`,
    script,
  });
}

/** Scripts end at the first `</script`, wherever it stands. */
export function pageWith({ title, body, script }: { title: string; body: string; script: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
</head>
<body>
<noscript><p>This page shows a run of a Kafka producer with a script, and scripts are switched off in this browser. Switch them on for this page, and load it again.</p></noscript>
${body}
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]!,
  );
}
