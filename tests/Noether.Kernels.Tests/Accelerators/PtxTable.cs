using System.Globalization;

namespace Noether.Kernels.Tests;

/// <summary>The table beside the kernels, <c>Registers.md</c>: what each may take.</summary>
public static class PtxTable
{
    private static readonly Dictionary<string, Row> Rows = Read();

    /// <summary>The kernels that have a row.</summary>
    public static IReadOnlyCollection<string> Names => Rows.Keys;

    /// <summary>The row of a kernel, or null.</summary>
    public static Row? Of(string kernel) => Rows.GetValueOrDefault(kernel);

    private static Dictionary<string, Row> Read()
    {
        using var stream = typeof(PtxTable).Assembly.GetManifestResourceStream("Registers.md")!;
        using var reader = new StreamReader(stream);
        var rows = new Dictionary<string, Row>();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim())]; // "", kernel, registers, instructions, ""
            if (cells.Length != 5 || !int.TryParse(cells[2], CultureInfo.InvariantCulture, out var registers)) continue;
            var counts = from entry in cells[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                         let words = entry.Split(' ')
                         select (words[1], int.Parse(words[0], CultureInfo.InvariantCulture));
            rows.Add(cells[1], new(registers, [.. counts]));
        }

        return rows;
    }

    /// <summary>What a kernel may take.</summary>
    /// <param name="Registers">At most, on each architecture.</param>
    /// <param name="Counts">Instructions that define it, and how many there are at least on sm_90.</param>
    public sealed record Row(int Registers, (string Name, int AtLeast)[] Counts);
}
