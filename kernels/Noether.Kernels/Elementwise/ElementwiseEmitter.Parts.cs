using System.Reflection;
using System.Reflection.Emit;

namespace Noether.Kernels.Elementwise;

/// <content>What a thread works on: its elements, and where the operands lie.</content>
internal sealed partial class ElementwiseEmitter
{
    // One run: the whole grid walks the arguments' views.
    private void EmitWhole(ILGenerator il, LocalBuilder index, LocalBuilder last, LocalBuilder?[] x, LocalBuilder[] y)
    {
        il.Emit(OpCodes.Call, typeof(FourAccess).GetProperty(nameof(FourAccess.First))!.GetMethod!);
        il.Emit(OpCodes.Stloc, index);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, count);
        il.Emit(OpCodes.Ldc_I8, 1L);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, last);
        EmitViews(il, x, y);
    }

    // The arguments' views to locals.
    private void EmitViews(ILGenerator il, LocalBuilder?[] x, LocalBuilder[] y)
    {
        foreach (var (view, local) in inputs.Concat<FieldInfo?>(outputs).Zip(x.Concat<LocalBuilder?>(y)))
        {
            if (view is null) continue;
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, view);
            il.Emit(OpCodes.Stloc, local!);
        }
    }

    // Many: the group's part has a row of the table, with its count and with what each operand's place in its memory is.
    private void EmitPart(ILGenerator il, LocalBuilder index, LocalBuilder last, LocalBuilder?[] x, LocalBuilder[] y)
    {
        var part = il.DeclareLocal(typeof(int));
        LoadParts();
        il.Emit(OpCodes.Call, Method(nameof(ElementwiseParts.Find)));
        il.Emit(OpCodes.Stloc, part);
        LoadParts();
        il.Emit(OpCodes.Ldloc, part);
        il.Emit(OpCodes.Call, Method(nameof(ElementwiseParts.FirstOf)));
        il.Emit(OpCodes.Stloc, index);
        LoadEntry(0);
        il.Emit(OpCodes.Ldc_I8, 1L);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, last);
        var column = 1;
        foreach (var (view, local) in inputs.Concat<FieldInfo?>(outputs).Zip(x.Concat<LocalBuilder?>(y)))
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, view!);
            LoadEntry(column++);
            il.Emit(OpCodes.Call, Method(nameof(ElementwiseParts.From)).MakeGenericMethod(view!.FieldType.GetGenericArguments()));
            il.Emit(OpCodes.Stloc, local!);
        }

        void LoadEntry(int at)
        {
            LoadParts();
            il.Emit(OpCodes.Ldloc, part);
            il.Emit(OpCodes.Ldc_I4, 1 + inputs.Length + outputs.Length);
            il.Emit(OpCodes.Ldc_I4, at);
            il.Emit(OpCodes.Call, Method(nameof(ElementwiseParts.Entry)));
        }

        void LoadParts()
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, parts!);
        }

        static MethodInfo Method(string name) => typeof(ElementwiseParts).GetMethod(name)!;
    }
}
