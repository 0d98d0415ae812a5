namespace Noether;

/// <summary>What time was spent on.</summary>
public enum ProfileKind
{
    /// <summary>A kernel: a primitive, or a group of elementwise operations fused into one loop.</summary>
    Step,

    /// <summary>Finding the plan of an evaluation.</summary>
    Plan,

    /// <summary>An evaluation of pending tensors: planning and steps lie in it.</summary>
    Evaluation,

    /// <summary>Tracing a function that is compiled, and planning it: once for each signature of its arguments.</summary>
    Compilation,

    /// <summary>A call of a compiled function: its steps lie in it.</summary>
    Replay,

    /// <summary>The recorded action: everything on its thread lies in it.</summary>
    Action,
}
