using System.Reflection;
using Noether.Kernels.Elementwise;

namespace Noether.Kernels.Tests.Elementwise;

/// <summary>Programs of one elementary function.</summary>
public static class ElementaryPrograms
{
    public static LaneProgram Of(MethodInfo function, ElementType type)
    {
        var program = new LaneProgram();
        var arguments = new int[function.GetParameters().Length];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = program.Input(type, InputAccess.Contiguous);
        program.Output(program.Call(function, arguments));
        return program;
    }
}
