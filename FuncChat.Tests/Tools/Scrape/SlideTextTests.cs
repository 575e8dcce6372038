using static FuncChat.Tests.Tools.Scrape.TestOffice;

namespace FuncChat.Tests.Tools.Scrape;

public sealed class SlideTextTests
{
    [Fact]
    public void Raised_and_struck_text_keeps_its_meaning() =>
        Assert.Equal(
            "--- Slide 1 of 1 ---\n\n10⁶ users, was ~~100~~ 80 of H₂O",
            TextOf(SlidesOf(("", Shape("""<a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>6</a:t></a:r><a:r><a:rPr strike="noStrike" baseline="0"/><a:t> users, was </a:t></a:r><a:r><a:rPr strike="sngStrike"/><a:t>100</a:t></a:r><a:r><a:t> 80 of H</a:t></a:r><a:r><a:rPr baseline="-25000"/><a:t>2</a:t></a:r><a:r><a:t>O</a:t></a:r>""")))));

    [Fact]
    public void Hidden_slides_are_marked_and_hidden_shapes_left_out() =>
        Assert.Equal(
            "--- Slide 1 of 2 (hidden) ---\n\nspare\n\n--- Slide 2 of 2 ---\n\nshown",
            TextOf(SlidesOf(("show=\"0\"", Shape("<a:r><a:t>spare</a:t></a:r>")), ("", Shape("<a:r><a:t>HIDDEN</a:t></a:r>", "hidden=\"1\"") + Shape("<a:r><a:t>shown</a:t></a:r>")))));

    private static string Shape(string runs, string attributes = "") =>
        $"""<p:sp><p:nvSpPr><p:cNvPr id="2" name="x" {attributes}/></p:nvSpPr><p:txBody><a:p>{runs}</a:p></p:txBody></p:sp>""";
}
