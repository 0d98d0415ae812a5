using System.Text.Json;

namespace Noether;

/// <summary>A profile in the trace-event format: complete events ("X"), which viewers nest by time, a row a thread; times in microseconds.</summary>
internal static class ChromeTrace
{
    private const int Process = 1;

    public static void Write(Profile profile, string path) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        Name(json, "process_name", 0, "Noether");
        foreach (var thread in profile.Events.Select(static e => e.Thread).Distinct()) Name(json, "thread_name", thread, $"thread {thread}");
        foreach (var what in profile.Events) Write(json, what);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, ProfileEvent what)
    {
        json.WriteStartObject();
        json.WriteString("name", what.Name);
        json.WriteString("cat", what.Kind.ToString());
        json.WriteString("ph", "X");
        json.WriteNumber("ts", what.Start.TotalMicroseconds);
        json.WriteNumber("dur", what.Duration.TotalMicroseconds);
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", what.Thread);
        if (what.Kind == ProfileKind.Step)
        {
            json.WriteStartObject("args");
            json.WriteString("source", what.Source);
            json.WriteString("operands", what.Operands);
            json.WriteNumber("flops", what.Flops);
            json.WriteNumber("bytes", what.Bytes);
            json.WriteNumber("GFLOP/s", what.Flops / what.Duration.TotalNanoseconds);
            json.WriteNumber("GB/s", what.Bytes / what.Duration.TotalNanoseconds);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Name(Utf8JsonWriter json, string what, int thread, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", what);
        json.WriteString("ph", "M");
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", thread);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
