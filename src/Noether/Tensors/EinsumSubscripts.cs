namespace Noether;

/// <summary>The subscripts of an einsum, parsed and met with the operands' shapes: a label for every axis.</summary>
/// <remarks>A letter is its own label. Axes under an ellipsis are labelled from the end, so that they align as in broadcasting.</remarks>
internal sealed class EinsumSubscripts
{
    private const int Ellipsis = 1 << 16; // above every letter

    private readonly string text;
    private readonly Tensor[] operands;
    private readonly Dictionary<int, int> sizes = [];

    public EinsumSubscripts(string text, Tensor[] operands)
    {
        this.text = text;
        this.operands = operands;
        var compact = text.Replace(" ", "");
        var arrow = compact.IndexOf("->", StringComparison.Ordinal);
        var terms = (arrow < 0 ? compact : compact[..arrow]).Split(',');
        if (terms.Length != operands.Length) throw Wrong($"has {terms.Length} terms for {operands.Length} operands");
        Inputs = new int[terms.Length][];
        for (var i = 0; i < terms.Length; i++) Inputs[i] = Labels(terms[i], operands[i].Rank);
        for (var i = 0; i < terms.Length; i++) Measure(Inputs[i], operands[i].Shape);
        Output = arrow < 0 ? Implied() : Asked(compact[(arrow + 2)..]);
    }

    /// <summary>The labels of each operand's axes.</summary>
    public int[][] Inputs { get; }

    /// <summary>The labels of the result's axes.</summary>
    public int[] Output { get; }

    /// <summary>The size that goes with a label.</summary>
    public int Size(int label) => sizes[label];

    private int[] Labels(string term, int rank)
    {
        var dots = term.IndexOf("...", StringComparison.Ordinal);
        var letters = dots < 0 ? term : term.Remove(dots, 3);
        foreach (var letter in letters)
        {
            if (!char.IsAsciiLetter(letter)) throw Wrong($"holds '{letter}'");
        }

        var hidden = rank - letters.Length;
        if (hidden < 0 || (dots < 0 && hidden > 0)) throw Wrong($"has '{term}' for an operand of rank {rank}");
        var labels = new List<int>(rank);
        foreach (var letter in letters) labels.Add(letter);
        if (dots >= 0) labels.InsertRange(dots, Enumerable.Range(0, hidden).Select(i => Ellipsis + hidden - i));
        return [.. labels];
    }

    private void Measure(int[] labels, Shape shape)
    {
        for (var axis = 0; axis < labels.Length; axis++)
        {
            var size = shape[axis];
            if (!sizes.TryGetValue(labels[axis], out var known) || known == 1) sizes[labels[axis]] = size;
            else if (size != known && size != 1) throw Wrong($"gives {Name(labels[axis])} the sizes {known} and {size}");
        }
    }

    // The axes under ellipses, outermost first, then the letters that occur once, in order.
    private int[] Implied()
    {
        var counts = Inputs.SelectMany(static labels => labels).GroupBy(static label => label);
        return [.. Hidden(), .. counts.Where(static group => group.Key < Ellipsis && group.Count() == 1).Select(static group => group.Key).Order()];
    }

    private int[] Asked(string term)
    {
        var hidden = term.Contains("...") ? Hidden() : [];
        var labels = Labels(term, hidden.Length + term.Replace("...", "").Length);
        if (labels.Distinct().Count() != labels.Length) throw Wrong("names an axis of the result twice");
        foreach (var label in labels)
        {
            if (!sizes.ContainsKey(label)) throw Wrong($"asks for {Name(label)}, which no operand has");
        }

        return labels;
    }

    private int[] Hidden() => [.. sizes.Keys.Where(static label => label >= Ellipsis).OrderDescending()];

    private static string Name(int label) => label >= Ellipsis ? "an axis of the ellipsis" : $"'{(char)label}'";

    private ShapeException Wrong(string what) =>
        new($"Einsum: '{text}' {what}; the operands are {string.Join(" and ", operands.Select(static x => x.Shape))}");
}
