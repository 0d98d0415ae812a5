using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Noether.Kernels.Elementwise;

/// <summary>How long a form is: the lane operators it calls, counted in its IL and in that of the methods it calls.</summary>
internal static class FormSize
{
    /// <summary>Where counting ends: longer forms are all long.</summary>
    public const int Most = 1000;

    private static readonly ConcurrentDictionary<MethodBase, int> Known = [];

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The operators of a closed form, at most <see cref="Most"/>.</summary>
    public static int Of(MethodBase form) => Known.GetOrAdd(form, static form => Math.Min(Most, Count(form)));

    private static int Count(MethodBase method)
    {
        var total = 0;
        foreach (var called in Calls(method))
        {
            // An operator is a method of a lane's interface; one that takes a piece of formula as a type argument stands for a long one.
            if (called.DeclaringType is { IsInterface: true }) total += called.IsGenericMethod ? Most : 1;
            else if (called.Module == typeof(FormSize).Module || called.Module == method.Module) total += Of(called);
            if (total >= Most) return Most;
        }

        return total;
    }

    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? Codes[(short)(0xFE00 | il[at + 1])] : Codes[il[at]];
            at += code.Size;
            if (code.OperandType == OperandType.InlineMethod)
            {
                yield return method.Module.ResolveMethod(
                    BitConverter.ToInt32(il, at), method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null)!;
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
        }
    }
}
