using System.Reflection;

namespace Noether.Tests.Errors;

/// <summary>The public methods, operators and indexers that give tensors, by reflection: what the table of wrong calls must cover.</summary>
internal static class Operations
{
    private static readonly Type[] Rooms =
        [typeof(Tensor), typeof(TensorUpdate), typeof(ComplexTensor), typeof(Fourier), typeof(Noether.LinearAlgebra), typeof(RandomKey), typeof(Transform)];

    public static IReadOnlyList<string> All => [.. Rooms.SelectMany(Of).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Of(Type room)
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var method in room.GetMethods(declared))
        {
            // Conversions check nothing; the getters of properties do not compute.
            var counts = !method.IsSpecialName || (method.Name.StartsWith("op_", StringComparison.Ordinal) && method.Name is not ("op_Implicit" or "op_Explicit"));
            if (counts && HoldsTensor(method.ReturnType)) yield return $"{room.Name}.{method.Name}";
        }

        foreach (var property in room.GetProperties(declared))
        {
            if (property.GetIndexParameters().Length > 0 && HoldsTensor(property.PropertyType)) yield return $"{room.Name}.this";
        }
    }

    // A tensor or a tree of tensors; an array, tuple or function that gives some.
    private static bool HoldsTensor(Type type)
    {
        if (type.IsGenericParameter) return type.GetGenericParameterConstraints().Any(IsTree);
        if (type.IsArray) return HoldsTensor(type.GetElementType()!);
        return type == typeof(TensorUpdate) || type.GetInterfaces().Any(IsTree) || type.GetGenericArguments().Any(HoldsTensor);
    }

    private static bool IsTree(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ITensorTree<>);
}
