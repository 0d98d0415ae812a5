namespace Noether;

/// <summary>Parses the dictionary literal of an npy header; nothing of Python beyond strings, booleans and tuples of integers.</summary>
/// <param name="text">For example <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c> and padding.</param>
/// <param name="file">Begins the error message.</param>
internal ref struct NpyHeaderParser(string text, string file)
{
    private int at;

    /// <summary>The three values, each of which must be there once.</summary>
    public (string Descriptor, bool Fortran, List<long> Sizes) Parse()
    {
        string? descriptor = null;
        bool? fortran = null;
        List<long>? sizes = null;
        Expect('{');
        while (!Take('}'))
        {
            var key = ReadString();
            Expect(':');
            switch (key)
            {
                case "descr" when descriptor is null:
                    descriptor = ReadDescriptor();
                    break;
                case "fortran_order" when fortran is null:
                    fortran = ReadBoolean();
                    break;
                case "shape" when sizes is null:
                    sizes = ReadTuple();
                    break;
                case "descr" or "fortran_order" or "shape":
                    throw Broken($"names '{key}' twice");
                default:
                    throw Broken($"has an unknown key {FileErrors.Quote(key)}");
            }

            if (!Take(',') && Peek() != '}') throw Unexpected("',' or '}'");
        }

        if (Peek() != '\0') throw Unexpected("nothing but padding");
        return (descriptor ?? throw Broken("has no 'descr'"), fortran ?? throw Broken("has no 'fortran_order'"), sizes ?? throw Broken("has no 'shape'"));
    }

    private string ReadDescriptor() =>
        Peek() is '[' or '(' ? throw FileErrors.Broken(file, "structured element types are not read: save each field apart") : ReadString();

    private string ReadString()
    {
        var quote = Peek();
        if (quote is not ('\'' or '"')) throw Unexpected("a string");
        var end = text.IndexOf(quote, ++at);
        if (end < 0) throw Broken("has a string without an end");
        var value = text[at..end];
        if (value.Contains('\\')) throw Broken("has a string with an escape");
        at = end + 1;
        return value;
    }

    private bool ReadBoolean()
    {
        var start = Peek() == '\0' ? text.Length : at;
        foreach (var (word, value) in ((string, bool)[])[("True", true), ("False", false)])
        {
            if (!text.AsSpan(start).StartsWith(word)) continue;
            at = start + word.Length;
            return value;
        }

        throw Unexpected("True or False");
    }

    // (), (3,), (3, 4) or (3, 4,): without its comma, (3) is a number in Python.
    private List<long> ReadTuple()
    {
        var values = new List<long>();
        Expect('(');
        var comma = true;
        while (!Take(')'))
        {
            if (!comma) throw Unexpected("',' or ')'");
            values.Add(ReadInteger());
            comma = Take(',');
        }

        if (values.Count == 1 && !comma) throw Broken("has a shape that is a number, not a tuple");
        return values;
    }

    private long ReadInteger()
    {
        Peek(); // skips white space
        var start = at;
        if (at < text.Length && text[at] == '-') at++;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        if (!long.TryParse(text.AsSpan(start, at - start), out var value)) throw Unexpected("an integer");
        if (at < text.Length && text[at] == 'L') at++; // as Python 2 wrote its long integers
        return value;
    }

    private void Expect(char c)
    {
        if (!Take(c)) throw Unexpected($"'{c}'");
    }

    private bool Take(char c)
    {
        if (Peek() != c) return false;
        at++;
        return true;
    }

    // The next character that is not white space, or NUL at the end, which the format does not contain.
    private char Peek()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r') at++;
        return at < text.Length ? text[at] == '\0' ? throw Broken("contains a NUL") : text[at] : '\0';
    }

    private readonly FileFormatException Unexpected(string wanted) => Broken($"is malformed at character {at}: expected {wanted}");

    private readonly FileFormatException Broken(string reason) => FileErrors.Broken(file, $"header {reason}");
}
