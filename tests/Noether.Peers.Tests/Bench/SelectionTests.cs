using Noether.Runner;

namespace Noether.Peers.Tests;

/// <summary>The runner's <c>--where</c> becomes NUnit's filter.</summary>
public class SelectionTests
{
    [TestCase("cat==Cuda", "<filter><or><and><cat>Cuda</cat></and></or></filter>")]
    [TestCase("cat == 'two words'", "<filter><or><and><cat>two words</cat></and></or></filter>")]
    [TestCase("cat==Cuda and test=~Mat.*l", "<filter><or><and><cat>Cuda</cat><test re=\"1\">Mat.*l</test></and></or></filter>")]
    [TestCase("cat==A or cat==B && name!=C", "<filter><or><and><cat>A</cat></and><and><cat>B</cat><not><name>C</name></not></and></or></filter>")]
    [TestCase("not class!=A", "<filter><or><and><class>A</class></and></or></filter>")]
    [TestCase(null, "<filter />")]
    public void An_expression_is_understood(string? where, string filter) =>
        Assert.That(Selection.Filter(where, []).ToString(System.Xml.Linq.SaveOptions.DisableFormatting), Is.EqualTo(filter));

    [Test]
    public void Categories_are_alternatives_and_the_expression_restricts_them() => Assert.That(
        Selection.Filter("name==N", ["A", "B"]).ToString(System.Xml.Linq.SaveOptions.DisableFormatting),
        Is.EqualTo("<filter><and><or><cat>A</cat><cat>B</cat></or><or><and><name>N</name></and></or></and></filter>"));

    [TestCase("Cuda", "PROPERTY==VALUE")]
    [TestCase("cat=Cuda", "PROPERTY==VALUE")]
    [TestCase("cat==A and", "PROPERTY==VALUE")]
    [TestCase("colour==red", "there is no 'colour'")]
    public void A_mistake_is_explained(string where, string message) =>
        Assert.That(() => Selection.Filter(where, []), Throws.InstanceOf<FormatException>().With.Message.Contain(message));
}
