using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

using Spectre.Console;

namespace Noether.Examples;

/// <summary>One run of an example: its settings, what it says on the way, and the figures that it produced.</summary>
public sealed class ExampleRun
{
    private readonly ParseResult parse;
    private readonly SharedSettings shared;
    private readonly Terminal terminal;
    private readonly JsonObject figures = [];
    private readonly List<string> outputs = [];

    internal ExampleRun(string name, ParseResult parse, SharedSettings shared, Terminal terminal, CancellationToken cancellation)
    {
        Name = name;
        (this.parse, this.shared, this.terminal) = (parse, shared, terminal);
        Cancellation = cancellation;
    }

    /// <summary>The example's name.</summary>
    public string Name { get; }

    /// <summary>The start of all random numbers.</summary>
    public long Seed => Get(shared.Seed);

    /// <summary>The folder that --data names; null for the data that the project carries.</summary>
    public string? Data => Get(shared.Data);

    /// <summary>The folder for everything that the run writes.</summary>
    public string Out => Get(shared.Out) ?? Path.Combine("out", Name);

    /// <summary>True if seconds of work must do.</summary>
    public bool Quick => Get(shared.Quick);

    /// <summary>True if the figures go to standard output as JSON.</summary>
    public bool Json => Get(shared.Json);

    /// <summary>True if the run goes on from its checkpoint.</summary>
    public bool Resume => Get(shared.Resume);

    /// <summary>Cancelled by Ctrl-C or SIGTERM. Look at it once a step; then save and return or throw.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Where the run computes: what --device or NOETHER_DEVICE names, else the best device present. Also <see cref="Device.Default"/>.</summary>
    public Device Device { get; private set; } = Device.Host;

    internal string? Checkpoint { get; private set; }

    /// <summary>The value of an option or argument.</summary>
    public T Get<T>(Setting<T> setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return setting.Read(parse);
    }

    /// <summary>The path of a file to write in <see cref="Out"/>; the last line of the run tells where it lies.</summary>
    public string Output(string file)
    {
        Directory.CreateDirectory(Out);
        var path = Path.Combine(Out, file);
        if (!outputs.Contains(file))
            outputs.Add(file);
        return path;
    }

    /// <summary>Tells that a checkpoint lies at a path, so that an interruption can say how to go on.</summary>
    public void CanResumeFrom(string path) => Checkpoint = path;

    /// <summary>One line to the user, on standard error.</summary>
    public void Say(string line) => terminal.Say(line);

    /// <summary>A table to the user, on standard error; columns of numbers stand right.</summary>
    /// <param name="columns">The heads.</param>
    /// <param name="rows">One text for each column.</param>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var cells = rows.ToList();
        var table = new Table { Border = terminal.IsLive ? TableBorder.Rounded : TableBorder.Ascii };
        for (var column = 0; column < columns.Count; column++)
        {
            var numbers = cells.Count > 0 && cells.All(row => IsNumber(row[column]));
            table.AddColumn(new TableColumn(new Text(columns[column])) { Alignment = numbers ? Justify.Right : Justify.Left, NoWrap = true });
        }

        foreach (var row in cells)
            table.AddRow(row.Select(cell => new Text(cell)));
        terminal.Screen.Write(table);
    }

    /// <summary>A bar on a terminal, a line now and then elsewhere; dispose it when the work is over.</summary>
    /// <param name="what">What is done: "training".</param>
    /// <param name="total">How many steps it takes.</param>
    public ProgressBar Progress(string what, long total) => new(terminal, what, total);

    /// <summary>A result under a name in snake_case, as --json prints it. Numbers, texts, arrays, lists and records of them.</summary>
    /// <exception cref="ArgumentException">The name is not in snake_case or is one that every example has.</exception>
    public void Record(string name, object? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name is "example" or "device" or "seed" or "seconds" || name.Length == 0 || !char.IsAsciiLetterLower(name[0])
            || name.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '_'))
            throw new ArgumentException($"Record: '{name}' is not a snake_case name of the example's own", nameof(name));
        figures[name] = Figures.ToNode(value);
    }

    internal void ChooseDevice()
    {
        if (Get(shared.Device) is { } named)
            Device.Default = Device.Open(named);
        Device = Device.Default;
    }

    internal string ToJson(double seconds)
    {
        var all = new JsonObject
        {
            ["example"] = Name,
            ["device"] = Device.Name,
            ["seed"] = Seed,
            ["seconds"] = Math.Round(seconds, 3),
        };
        foreach (var (name, value) in figures)
            all[name] = value?.DeepClone();
        return all.ToJsonString(Figures.Format);
    }

    internal void TellOutputs()
    {
        var written = outputs.Where(file => File.Exists(Path.Combine(Out, file))).ToList();
        if (written.Count > 0)
            Say($"wrote {string.Join(", ", written)} in {Out}");
    }

    private static bool IsNumber(string cell) =>
        double.TryParse(cell.TrimEnd('%', ' '), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _) || cell is "-" or "";
}
