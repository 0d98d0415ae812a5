using System.Globalization;
using System.Net;
using System.Text;

namespace Noether.Examples.LossLandscape;

/// <summary>A surface to turn by hand: one HTML file that needs nothing else.</summary>
/// <param name="title">Above the surface.</param>
/// <param name="heights">log10 losses, row by row; NaN is a hole.</param>
/// <param name="xs">Of the columns.</param>
/// <param name="ys">Of the rows.</param>
/// <param name="path">Points on the surface that a line goes through; empty for none.</param>
internal sealed class LandscapePage(string title, double[] heights, double[] xs, double[] ys, IReadOnlyList<(double X, double Y, double Height)> path)
{
    /// <summary>Writes the page, whole or not at all.</summary>
    public void Write(string file)
    {
        var html = Template.Replace("TITLE", WebUtility.HtmlEncode(title), StringComparison.Ordinal)
            .Replace("HEIGHTS", string.Join(',', heights.Select(Number)), StringComparison.Ordinal)
            .Replace("PATH", string.Join(',', path.Select(at => $"[{Number(Unit(at.X, xs))},{Number(Unit(at.Y, ys))},{Number(at.Height)}]")), StringComparison.Ordinal)
            .Replace("COLUMNS", Number(xs.Length), StringComparison.Ordinal).Replace("ROWS", Number(ys.Length), StringComparison.Ordinal)
            .Replace("XRANGE", $"{Number(xs[0])} to {Number(xs[^1])}", StringComparison.Ordinal).Replace("YRANGE", $"{Number(ys[0])} to {Number(ys[^1])}", StringComparison.Ordinal);
        AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(html)));
    }

    private static string Number(double number) => double.IsFinite(number) ? number.ToString("0.####", CultureInfo.InvariantCulture) : "null";

    // -1 at the first step and 1 at the last.
    private static double Unit(double at, double[] steps) => 2 * (at - steps[0]) / (steps[^1] - steps[0]) - 1;

    // The cells are drawn from the farthest to the nearest: a painter's order needs no depth buffer.
    private const string Template = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>TITLE</title>
        <style>
        body { margin: 0; font: 15px/1.4 system-ui, sans-serif; color: #222; }
        h1 { font-size: 1.1rem; margin: .8rem 1rem 0; }
        p { margin: .2rem 1rem; color: #555; }
        canvas { display: block; width: 100vw; height: calc(100vh - 5rem); cursor: grab; touch-action: none; }
        </style>
        <h1>TITLE</h1>
        <p>Drag to turn, scroll to come nearer. Height and colour: log10 of the loss; x from XRANGE, y from YRANGE. <span id="at"></span></p>
        <canvas id="view"></canvas>
        <script>
        const n = COLUMNS, m = ROWS, z = [HEIGHTS], path = [PATH];
        const known = z.filter(v => v !== null), low = Math.min(...known), high = Math.max(...known), span = Math.max(high - low, 1e-9);
        const canvas = document.getElementById('view'), context = canvas.getContext('2d');
        const stops = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
        let turn = .7, tilt = .95, zoom = 1;
        function color(t, light) {
          const s = Math.min(3.999, Math.max(0, t * 4)), i = Math.floor(s), f = s - i;
          return 'rgb(' + stops[i].map((c, k) => Math.round((c + (stops[i + 1][k] - c) * f) * light)).join(',') + ')';
        }
        function corner(i, j) { return place(2 * j / (n - 1) - 1, 2 * i / (m - 1) - 1, z[i * n + j]); }
        function place(x, y, height) {
          const h = (Math.min(high, Math.max(low, height)) - low) / span - .5;
          const a = x * Math.cos(turn) - y * Math.sin(turn), b = x * Math.sin(turn) + y * Math.cos(turn);
          const depth = b * Math.sin(tilt) - h * Math.cos(tilt), up = b * Math.cos(tilt) + h * Math.sin(tilt);
          const scale = zoom * Math.min(canvas.width, canvas.height) * .38 * 4 / (4 + depth);
          return [canvas.width / 2 + a * scale, canvas.height / 2 - up * scale, depth, h + .5];
        }
        function draw() {
          canvas.width = canvas.clientWidth * devicePixelRatio;
          canvas.height = canvas.clientHeight * devicePixelRatio;
          const cells = [];
          for (let i = 0; i + 1 < m; i++) for (let j = 0; j + 1 < n; j++) {
            const corners = [[i, j], [i, j + 1], [i + 1, j + 1], [i + 1, j]];
            if (corners.some(([r, c]) => z[r * n + c] === null)) continue;
            const p = corners.map(([r, c]) => corner(r, c));
            cells.push([p.reduce((s, q) => s + q[2], 0), p]);
          }
          cells.sort((a, b) => b[0] - a[0]);
          context.lineWidth = .5 * devicePixelRatio;
          for (const [, p] of cells) {
            const slope = Math.hypot(p[1][3] - p[0][3], p[3][3] - p[0][3]) * (n - 1) / 2;
            context.fillStyle = color(p.reduce((s, q) => s + q[3], 0) / 4, 1 - .35 * Math.min(1, slope / 2));
            context.strokeStyle = 'rgba(0,0,0,.25)';
            context.beginPath();
            p.forEach((q, k) => k ? context.lineTo(q[0], q[1]) : context.moveTo(q[0], q[1]));
            context.closePath();
            context.fill();
            context.stroke();
          }
          const way = path.filter(p => p[2] !== null).map(p => place(...p));
          context.strokeStyle = context.fillStyle = '#D55E00';
          context.lineWidth = 2 * devicePixelRatio;
          context.beginPath();
          way.forEach((q, k) => k ? context.lineTo(q[0], q[1]) : context.moveTo(q[0], q[1]));
          context.stroke();
          for (const q of way) { context.beginPath(); context.arc(q[0], q[1], 3.5 * devicePixelRatio, 0, 7); context.fill(); }
        }
        let held = null;
        canvas.onpointerdown = e => { held = [e.clientX, e.clientY]; canvas.setPointerCapture(e.pointerId); };
        canvas.onpointerup = () => held = null;
        canvas.onpointermove = e => {
          if (!held) return;
          turn += (e.clientX - held[0]) * .01;
          tilt = Math.min(1.57, Math.max(0, tilt + (e.clientY - held[1]) * .01));
          held = [e.clientX, e.clientY];
          draw();
        };
        canvas.onwheel = e => { e.preventDefault(); zoom *= Math.exp(-e.deltaY * .001); draw(); };
        addEventListener('resize', draw);
        document.getElementById('at').textContent = 'Loss from ' + (10 ** low).toPrecision(3) + ' to ' + (10 ** high).toPrecision(3) + '.';
        draw();
        </script>
        </html>
        """;
}
