using System.Reflection;
using System.Reflection.Emit;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Elementwise;

internal sealed partial class ElementwiseEmitter
{
    /// <summary>
    /// Emits a program that ends a product: the type is then an <see cref="IProductEpilogue{T}"/> of the product's type, and the static method <c>Fill</c> makes
    /// one of a launch's operands.
    /// </summary>
    /// <param name="program">What to emit, for maps that fit in 32 bits.</param>
    /// <param name="product">The element type of the product.</param>
    public static (Type Epilogue, MethodInfo Fill) EmitEpilogue(LaneProgram program, Type product)
    {
        var module = Module($"Noether.Epilogue{Interlocked.Increment(ref Emitted)}");
        var emitter = new ElementwiseEmitter(program, isNarrow: true, isMany: false, module, product);
        var type = module.DefineType("Program", TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Abstract);
        emitter.EmitFill(type);
        return (emitter.arguments, type.CreateType().GetMethod("Fill")!);
    }

    // void Apply(Four<T> x, Four<T> dx, long index, long last)
    private void EmitApply(TypeBuilder type, Type product)
    {
        type.AddInterfaceImplementation(typeof(IProductEpilogue<>).MakeGenericType(product));
        var four = typeof(Four<>).MakeGenericType(product);
        var method = type.DefineMethod(
            nameof(IProductEpilogue<>.Apply), MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            typeof(void), [four, four, typeof(long), typeof(long)]);
        method.SetImplementationFlags(MethodImplAttributes.AggressiveInlining);
        var il = method.GetILGenerator();
        var (index, last) = (il.DeclareLocal(typeof(long)), il.DeclareLocal(typeof(long)));
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Stloc, index);
        il.Emit(OpCodes.Ldarg, (short)4);
        il.Emit(OpCodes.Stloc, last);
        var (x, y) = Views(il);
        EmitViews(il, x, y);
        EmitProgram(il, index, last, x, y);
        il.Emit(OpCodes.Ret);
    }
}
