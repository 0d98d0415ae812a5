using System.Text.Json;

namespace Noether.Examples.Tests;

/// <summary>How an example ended that ran inside the test's process.</summary>
internal sealed record Ended(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<Ended> Run(string name, Action<ExampleApp> configure, string[] args, CancellationToken cancellation = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Example.Run(name, name, args, configure, new Terminal(output, error), cancellation);
        return new(code, output.ToString(), error.ToString());
    }
}
