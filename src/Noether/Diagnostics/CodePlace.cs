using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Noether;

/// <summary>Where in the caller's code a node was made: the innermost frame outside the engine.</summary>
/// <remarks>
/// Operators take no caller's line as an argument, so the stack is walked, some ten microseconds a node: only under a <see cref="Profiler"/> and while a
/// function is traced for compilation, once for each signature. Files and lines are looked up in the debug symbols when a profile is read; without symbols
/// the method's name stands for them. Of a method that was inlined, or left by a tail call, the caller's line is shown. A place is one object, so that
/// graphs are compared by reference. What a transform makes of a node has the node's place: the derivative of a product is shown at the product.
/// </remarks>
internal sealed class CodePlace
{
    private static readonly ConcurrentDictionary<(MethodBase Method, int Offset), CodePlace> All = [];

    // A frame of the framework is the engine calling back into itself.
    private static readonly ConcurrentDictionary<Assembly, bool> Inside = [];

    private static int Watchers;

    [ThreadStatic]
    private static int Watching;

    [ThreadStatic]
    private static CodePlace? Inherited;

    private readonly Lazy<(string File, int Line)?> line;
    private readonly MethodBase method;

    private CodePlace(MethodBase method, int offset)
    {
        this.method = method;
        line = new(() => DebugSymbols.LineOf(method, offset));
    }

    /// <summary>The file's name without folders, or the method where there are no symbols.</summary>
    public string File => line.Value is { } known ? Path.GetFileName(known.File) : $"{method.DeclaringType?.Name}.{method.Name}";

    /// <summary>Counted from one; 0 where there are no symbols.</summary>
    public int Line => line.Value?.Line ?? 0;

    /// <summary>The place of a node that is made now; null if nobody asks.</summary>
    public static CodePlace? Current => Volatile.Read(ref Watchers) == 0 || !IsWatched ? null : Inherited ?? Find();

    private static bool IsWatched => Watching > 0 || Profiler.Current is not null;

    /// <summary>Until the end of the scope nodes made by this thread know their places; or those made in recorded flows.</summary>
    public static Watch Watched(bool thisThread) => new(thisThread);

    /// <summary>Until the end of the scope nodes made by this thread have a given place, if it is known.</summary>
    public static Scope At(CodePlace? place) => new(place);

    /// <summary>For example <c>Model.cs:12</c>; of several places in one file, <c>Model.cs:12,14</c>.</summary>
    public static string Text(IReadOnlyList<CodePlace> places)
    {
        var files = places.GroupBy(static place => place.File, static place => place.Line);
        return string.Join(' ', files.Select(static lines => lines.Max() == 0 ? lines.Key : $"{lines.Key}:{string.Join(',', lines.Distinct().Order())}"));
    }

    private static CodePlace? Find()
    {
        foreach (var frame in new StackTrace(2, fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is { DeclaringType: not null } method && !Inside.GetOrAdd(method.Module.Assembly, IsInside))
                return All.GetOrAdd((method, frame.GetILOffset()), static key => new(key.Method, key.Offset));
        }

        return null;
    }

    private static bool IsInside(Assembly assembly) =>
        assembly == typeof(CodePlace).Assembly || assembly.IsDynamic || assembly.GetName().Name is not { } name || name.StartsWith("System.", StringComparison.Ordinal);

    /// <summary>Ends what <see cref="Watched"/> began.</summary>
    public readonly ref struct Watch
    {
        private readonly bool thisThread;

        public Watch(bool thisThread)
        {
            this.thisThread = thisThread;
            if (thisThread) Watching++;
            Interlocked.Increment(ref Watchers);
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref Watchers);
            if (thisThread) Watching--;
        }
    }

    /// <summary>Ends what <see cref="At"/> began.</summary>
    public readonly ref struct Scope
    {
        private readonly CodePlace? outer;
        private readonly bool isSet;

        public Scope(CodePlace? place)
        {
            if (place is null) return;
            (outer, isSet) = (Inherited, true);
            Inherited = place;
        }

        public void Dispose()
        {
            if (isSet) Inherited = outer;
        }
    }
}
