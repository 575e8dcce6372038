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

    [Fact]
    public void Paragraphs_of_lists_have_their_numbers() =>
        Assert.Equal(
            "--- Slide 1 of 1 ---\n\n3. first\n4. second\na) below\n5. third\n\nplain\n1. again\n1. other",
            TextOf(SlidesOf(("",
                $"<p:sp><p:txBody>{Item("first", "arabicPeriod", start: 3)}{Item("second", "arabicPeriod", start: 3)}{Item("below", "alphaLcParenR", level: 1)}{Item("third", "arabicPeriod", start: 3)}{Item("", "arabicPeriod", start: 3)}<a:p><a:pPr/><a:r><a:t>plain</a:t></a:r></a:p>{Item("again", "arabicPeriod")}</p:txBody></p:sp>"
                + $"<p:sp><p:txBody>{Item("other", "arabicPeriod")}</p:txBody></p:sp>"))));

    [Fact]
    public void Charts_and_diagrams_are_read_with_their_values()
    {
        var slides = SlidesOf(("xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"", Shape("<a:r><a:t>Results</a:t></a:r>") + """<p:graphicFrame><c:chart xmlns:c="x" r:id="rId1"/></p:graphicFrame><p:graphicFrame><dgm:relIds xmlns:dgm="y" r:dm="rId2" r:lo="rId1"/></p:graphicFrame>"""));
        var text = TextOf(With(With(With(
            slides,
            "ppt/slides/_rels/slide0.xml.rels", """<Relationships><Relationship Id="rId1" Type="x/chart" Target="../charts/chart1.xml"/><Relationship Id="rId2" Type="x/diagramData" Target="../diagrams/data1.xml"/></Relationships>"""u8.ToArray()),
            "ppt/charts/chart1.xml", """
                <c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Sales by </a:t></a:r><a:r><a:t>year</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart>
                <c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>Tea</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:numRef><c:numCache><c:pt idx="0"><c:v>2024</c:v></c:pt><c:pt idx="1"><c:v>2025</c:v></c:pt></c:numCache></c:numRef></c:cat><c:val><c:numRef><c:f>A1</c:f><c:numCache><c:formatCode>0%</c:formatCode><c:pt idx="0"><c:v>0.25</c:v></c:pt><c:pt idx="1"><c:v>0.5</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>
                <c:ser><c:tx><c:v>Coffee</c:v></c:tx><c:val><c:numRef><c:numCache><c:pt idx="1"><c:v>7</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>
                </c:barChart><c:valAx><c:title><c:tx><c:rich><a:p><a:r><a:t>EUR million</a:t></a:r></a:p></c:rich></c:tx></c:title></c:valAx></c:plotArea></c:chart></c:chartSpace>
                """u8.ToArray()),
            "ppt/diagrams/data1.xml", """<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:pt><dgm:t><a:p><a:r><a:t>Plan</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>Build</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>"""u8.ToArray()));

        Assert.Equal("--- Slide 1 of 1 ---\n\nResults\n\n[Chart: Sales by year; EUR million]\n\tTea\tCoffee\n2024\t25%\n2025\t50%\t7\n\nPlan\nBuild", text);
    }

    private static string Item(string text, string type, int start = 1, int level = 0) =>
        $"""<a:p><a:pPr lvl="{level}"><a:buAutoNum type="{type}" startAt="{start}"/></a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>""";

    private static string Shape(string runs, string attributes = "") =>
        $"""<p:sp><p:nvSpPr><p:cNvPr id="2" name="x" {attributes}/></p:nvSpPr><p:txBody><a:p>{runs}</a:p></p:txBody></p:sp>""";
}
