namespace Noether.Models.WeightSpaces;

/// <summary>Which factors of hidden neurons, undone by the weights that lead on, leave what a network computes.</summary>
public enum ScaleSymmetry
{
    /// <summary>Positive numbers: networks of ReLU.</summary>
    Positive,

    /// <summary>±1: networks of odd functions, such as sine and tanh.</summary>
    Sign,
}
