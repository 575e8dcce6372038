using System.Diagnostics;
using System.Globalization;
using FuncChat.Sandbox;
using FuncChat.Sandbox.Documents;
using FuncChat.Tests.Support;
using FuncChat.Tests.Tools.Fetch;
using FuncChat.Tests.Tools.JavaScript;
using FuncChat.Tools;
using FuncChat.Tools.Sandboxes;
using FuncChat.Tools.Scrape;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static FuncChat.Tests.Tools.Scrape.TestPdf;

namespace FuncChat.Tests.Tools.Scrape;

public class PdfReaderTests
{
    private const string Type = "application/pdf";

    [Fact]
    public async Task Pdf_is_read_with_its_title_and_page_numbers()
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(Of("Report 2026", "Revenue grew by 12 %.\nCosts fell.", "", "The outlook is good."), Type);

        Assert.Equal("Report 2026", page.Title);
        Assert.Equal(Type, page.ContentType);
        Assert.Equal(
            "--- Page 1 of 3 ---\n\nRevenue grew by 12 %.\nCosts fell.\n\n--- Page 2 of 3 ---\n\n(no text)\n\n--- Page 3 of 3 ---\n\nThe outlook is good.",
            page.Content);
        Assert.Null(page.Note);
    }

    [LinuxFact]
    public async Task Reading_fails_when_the_child_is_never_ready()
    {
        var clock = new FakeTimeProvider();
        var reader = new DocumentReader(_ => Sandboxes.Shell("exec tail -f /dev/null"), clock, NullLogger<DocumentReader>.Instance);
        var reading = reader.ReadAsync(Of(null, "Hello"), DocumentKind.Pdf, "ada", CancellationToken.None);

        clock.Advance(TimeSpan.FromSeconds(60));

        var failure = await Assert.ThrowsAsync<ToolException>(() => reading);
        Assert.Equal("PDFs can't be read on this server right now: look for an HTML version.", failure.Message);
    }

    [LinuxFact]
    public async Task Time_runs_out_with_another_message_when_the_page_has_arrived()
    {
        await using var web = await TestWeb.StartAsync();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var documents = new DocumentReader(
            _ =>
            {
                started.SetResult();
                return Sandboxes.Shell("exec tail -f /dev/null");
            },
            web.Clock,
            NullLogger<DocumentReader>.Instance);
        var budget = new ParseBudget(NullLogger<ParseBudget>.Instance);
        web.Server.On("/page", Of(null, "Hello"), Type);
        var reading = new PageReader(web.Http, web.Clock, budget, documents).ReadAsync("http://site.test/page", TimeSpan.FromSeconds(15), "ada", CancellationToken.None);

        await started.Task;
        web.Clock.Advance(TimeSpan.FromSeconds(15));

        var failure = await Assert.ThrowsAsync<ToolException>(() => reading);
        Assert.StartsWith("The page arrived, but could not be read within 15 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task Pdf_is_read_whatever_type_it_is_served_as(string? type)
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(Of(null, "Hello"), type);

        Assert.Equal((Type, "--- Page 1 of 1 ---\n\nHello"), (page.ContentType, page.Content));
    }

    [Fact]
    public async Task Long_pdf_is_cut_between_pages_and_continued_by_offset()
    {
        await using var web = await TestWeb.StartAsync();
        var text = string.Join('\n', Enumerable.Repeat(new string('x', 100), 50));
        var page = await web.ReadBodyAsync(Of(null, text, text, text, text, text), Type);

        var first = page.CutTo(ScrapeWebContentTool.MaxCharacters);
        var second = page.CutTo(ScrapeWebContentTool.MaxCharacters, first.Content.Length);

        Assert.Contains("--- Page 3 of 5", first.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("--- Page 4 of 5", first.Content, StringComparison.Ordinal);
        Assert.Contains($"with offset {first.Content.Length}.", first.Note, StringComparison.Ordinal);
        Assert.StartsWith("--- Page 4 of 5 ---", second.Content, StringComparison.Ordinal);
        Assert.Equal(page.Content, first.Content + second.Content);
    }

    [Theory]
    [InlineData(5, "H0 P5 X0 Z0")]
    [InlineData(11, "H0 P11 Z0")]
    public void Child_reports_that_the_last_page_is_cut(int limit, string frames)
    {
        using var output = new MemoryStream();

        PdfExtraction.Run(new SandboxRequest(Of(null, "Hello world"), TimeSpan.FromMinutes(1), limit), new FrameWriter(output));

        var (sent, at) = (new List<string>(), 0);
        for (var bytes = output.ToArray(); at < bytes.Length; at += 5 + BitConverter.ToInt32(bytes, at + 1))
            sent.Add($"{(char)bytes[at]}{BitConverter.ToInt32(bytes, at + 1)}");
        Assert.Equal(frames, string.Join(' ', sent.Skip(1)));
    }

    [Theory]
    [InlineData("1", "Only the beginning of the last page was read.")]
    [InlineData("3", "Only the first 1 of 3 pages were read.")]
    public async Task Note_says_that_the_text_is_cut_in_a_page(string pages, string note)
    {
        var frames = $"R\\000\\000\\000\\000N\\001\\000\\000\\000{pages}H\\000\\000\\000\\000P\\005\\000\\000\\000HelloX\\000\\000\\000\\000Z\\000\\000\\000\\000";
        var reader = new DocumentReader(_ => Sandboxes.Shell($"printf '{frames}'"), TimeProvider.System, NullLogger<DocumentReader>.Instance);

        var text = await reader.ReadAsync(new byte[1], DocumentKind.Pdf, "", CancellationToken.None);

        Assert.Equal($"--- Page 1 of {pages} ---\n\nHello", text.Text);
        Assert.Equal(note, text.Note);
    }

    // Made with: qpdf --encrypt "" owner … and qpdf --encrypt secret owner …
    [Theory]
    [InlineData("rc4-40")]
    [InlineData("rc4-128")]
    [InlineData("aes-128")]
    [InlineData("aes-256")]
    public async Task Encrypted_pdf_is_read_if_it_opens_without_a_password(string encryption)
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(await File.ReadAllBytesAsync(Repository.PathOf("FuncChat.Tests", "Tools", "Scrape", "Pdfs", $"open-{encryption}.pdf")), Type);
        var failure = await FailureOfAsync(await File.ReadAllBytesAsync(Repository.PathOf("FuncChat.Tests", "Tools", "Scrape", "Pdfs", $"locked-{encryption}.pdf")));

        Assert.Equal("--- Page 1 of 1 ---\n\nHello", page.Content);
        Assert.Equal("This PDF is protected with a password.", failure);
    }

    [Fact]
    public async Task Raised_lowered_and_struck_letters_keep_their_meaning()
    {
        await using var web = await TestWeb.StartAsync();
        // Of the letters before them, the widths in a thousandth of the size: a space 278, a digit 556, H 722.
        var content = $"{At(50, 12, "10")}{At(63.4, 8, "6", 705)}{At(90, 12, "H")}{At(98.7, 8, "2", 697)}{At(103.2, 12, "O")}{At(130, 12, "T")}{At(137.4, 9, "HE")}{At(170, 12, "Price 100 80")}201 704 m 221 704 l S 170 698 m 230 698 l S";

        var page = await web.ReadBodyAsync(WithHelvetica(content), Type);

        Assert.Equal("--- Page 1 of 1 ---\n\n10⁶ H₂O THE Price ~~100~~ 80", page.Content);
    }

    [Theory]
    [InlineData("1 1 1 rg", "BT /F 12 Tf 50 600 Td (hidden) Tj ET")]
    [InlineData("0 0 0 0 k", "BT /F 12 Tf 50 600 Td (hidden) Tj ET")]
    [InlineData("", "BT 3 Tr /F 12 Tf 50 600 Td (hidden) Tj 0 Tr ET")]
    [InlineData("", "BT /F 12 Tf 2000 600 Td (hidden) Tj ET")]
    [InlineData("", "BT /F 12 Tf 50 -600 Td (hidden) Tj ET")]
    [InlineData("", "BT /F 0.4 Tf 50 600 Td (hidden) Tj ET")]
    [InlineData("0 0 0 RG 0.5 w 40 590 m 400 590 l 400 620 l 40 620 l h S 1 1 1 rg", "BT /F 12 Tf 50 600 Td (hidden) Tj ET")]
    [InlineData("0 0 0 RG 0.5 w 0 0 m 612 792 l S 1 1 1 rg", "BT /F 12 Tf 50 600 Td (hidden) Tj ET")]
    public async Task Text_that_can_not_be_seen_is_left_out(string color, string hidden)
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(WithHelvetica($"{At(50, 12, "Before")}{color} {hidden} 0 g {At(50, 12, "After", 500)}"), Type);

        Assert.Equal(["Before", "After"], page.Content["--- Page 1 of 1 ---".Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("0 0 0.5 rg 40 590 200 30 re f 1 1 1 rg", "BT /F 12 Tf 50 600 Td (shown) Tj ET")]
    [InlineData("0.9 g", "BT /F 12 Tf 50 600 Td (shown) Tj ET")]
    [InlineData("10 0 0 10 0 0 cm", "BT /F 1 Tf 5 60 Td (shown) Tj ET")]
    [InlineData("", "BT 1 Tr /F 12 Tf 50 600 Td (shown) Tj ET")]
    [InlineData("0 0 .5 RG 30 w 40 615 m 400 615 l S 1 1 1 rg", "BT /F 12 Tf 50 600 Td (shown) Tj ET")]
    [InlineData("1 g 0 G", "BT 2 Tr /F 40 Tf 50 600 Td (shown) Tj ET")]
    public async Task Text_on_a_dark_ground_or_of_a_scaled_page_is_read(string state, string shown)
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(WithHelvetica($"{At(50, 12, "Before")}{state} {shown}"), Type);

        Assert.EndsWith("shown", page.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/Rotate 90", 20, 780)]
    [InlineData("/Rotate 270", 560, 20)]
    [InlineData("/CropBox [400 600 600 800]", 520, 780)]
    [InlineData("/UserUnit 72", 500, 600, 0.5)]
    public async Task Text_on_the_visible_part_of_a_page_is_read(string ofPage, int x, int y, double size = 12)
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(WithHelvetica($"{At(x, size, "shown", y)}{At(650, 12, "hidden")}", ofPage), Type);

        Assert.Equal("--- Page 1 of 1 ---\n\nshown", page.Content.TrimEnd());
    }

    [Fact]
    public async Task Lines_between_letters_separate_cells_and_make_fractions()
    {
        await using var web = await TestWeb.StartAsync();
        var content = $"{At(50, 12, "2023")}{At(78.5, 12, "100")}77.6 690 m 77.6 715 l S {At(120, 12, "x =")}{At(150, 9, "1", 705)}{At(150, 9, "2", 697)}149 703 m 156 703 l S";

        var page = await web.ReadBodyAsync(WithHelvetica(content), Type);

        Assert.Equal("--- Page 1 of 1 ---\n\n2023 100 x = 1/2", page.Content);
    }

    [Fact]
    public async Task Cells_without_letters_keep_their_places()
    {
        await using var web = await TestWeb.StartAsync();
        var cells = $"{At(160, 12, "Spring", 740)}{At(260, 12, "Fall", 740)}{At(60, 12, "North")}{At(260, 12, "5")}{At(60, 12, "South", 660)}{At(160, 12, "1", 660)}{At(260, 12, "2", 660)}";
        var borders = string.Concat(new[] { 50, 150, 152, 250, 350 }.Select(x => $"{x} 640 m {x} 760 l S "));

        var page = await web.ReadBodyAsync(WithHelvetica($"{cells}{borders}{At(60, 12, "Below 7", 600)}"), Type);

        Assert.Equal("| Spring Fall\nNorth | | 5\nSouth 1 2\nBelow 7", page.Content["--- Page 1 of 1 ---\n\n".Length..].Replace("\n\n", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Form_is_read_with_what_is_filled_in()
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(
            WithHelvetica(
                At(50, 12, "Name:"),
                "/Annots [6 0 R 7 0 R 8 0 R]",
                "/AcroForm << /Fields [6 0 R 7 0 R 8 0 R] >>",
                "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /TU (Full name) /V (Ada Lovelace) /Rect [120 690 300 715] /P 3 0 R >>",
                "<< /Type /Annot /Subtype /Widget /FT /Btn /T (agrees) /V /Yes /AS /Yes /Rect [120 600 130 610] /P 3 0 R >>",
                "<< /Type /Annot /Subtype /Widget /FT /Tx /T (empty) /Rect [120 500 300 515] /P 3 0 R >>"),
            Type);

        Assert.Equal("--- Page 1 of 1 ---\n\nName:\n\nForm fields:\nFull name: Ada Lovelace\nagrees: [x]", page.Content);
    }

    [Fact]
    public async Task Pdf_without_text_is_reported_as_a_scan()
    {
        Assert.Contains("most likely images", await FailureOfAsync(Of(null, "")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_pdf_is_reported_as_such()
    {
        Assert.Contains("damaged", await FailureOfAsync(Ascii("%PDF-1.7\nnothing")), StringComparison.Ordinal);
        Assert.Contains("damaged", await FailureOfAsync(Of(null, "Hello")[..200]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_read_when_one_of_them_is_damaged()
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(
            OfObjects(
                Ascii("<< /Type /Catalog /Pages 2 0 R >>"),
                Ascii("<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>"),
                Ascii("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 7 0 R /Resources 9 0 R >>"),
                Ascii("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Resources << /Font << /F 6 0 R >> >> >>"),
                Stream("", Ascii("BT /F 12 Tf 50 700 Td (Hello) Tj ET")),
                Ascii("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"),
                Stream("/Filter /FlateDecode", Ascii("no zlib"))),
            Type);

        Assert.Contains("Hello", page.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bomb_ends_its_own_process_only()
    {
        Assert.Matches("memory|damaged|images", await FailureOfAsync(WithContent(Stream("/Filter /FlateDecode", CompressedSpaces(1024)))));
    }

    [Fact]
    public async Task Page_tree_that_contains_itself_ends()
    {
        var message = await FailureOfAsync(OfObjects(
            Ascii("<< /Type /Catalog /Pages 2 0 R >>"),
            Ascii("<< /Type /Pages /Count 1000000000 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>")));

        Assert.Matches("damaged|memory", message);
    }

    [Fact]
    public async Task Form_that_draws_itself_ends()
    {
        var message = await FailureOfAsync(OfObjects(
            Ascii("<< /Type /Catalog /Pages 2 0 R >>"),
            Ascii("<< /Type /Pages /Count 1 /Kids [3 0 R] >>"),
            Ascii("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>"),
            Stream("", Ascii("/X Do")),
            Stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>", Ascii("/X Do /X Do"))));

        Assert.Matches("damaged|memory|images", message);
    }

    [Fact]
    public async Task Deeply_nested_arrays_end_their_own_process_only()
    {
        Assert.Matches("damaged|memory|images", await FailureOfAsync(WithContent(Stream("", Ascii(new string('[', 1_000_000))))));
    }

    [Fact]
    public async Task Pages_that_were_read_are_kept_when_the_child_dies()
    {
        var reader = new DocumentReader(
            _ => Sandboxes.Shell($"{Frame('R')}; {Frame('N', "9")}; {Frame('P', "One")}"), new FakeTimeProvider(), NullLogger<DocumentReader>.Instance);

        var text = await reader.ReadAsync(Ascii("%PDF-"), DocumentKind.Pdf, "ada", CancellationToken.None);

        Assert.Equal("--- Page 1 of 9 ---\n\nOne", text.Text);
        Assert.Equal("Only the first 1 of 9 pages were read.", text.Note);
    }

    [Theory]
    [InlineData(DocumentKind.Pdf, 11)]
    [InlineData(DocumentKind.Office, 50)]
    public async Task Child_is_killed_when_it_takes_too_long(DocumentKind kind, int seconds)
    {
        var clock = new WatchedClock();
        var reader = new DocumentReader(_ => Sandboxes.Shell($"{Frame('R')}; exec sleep 1000"), clock, NullLogger<DocumentReader>.Instance);

        var reading = reader.ReadAsync(Ascii("%PDF-"), kind, "ada", CancellationToken.None);
        await clock.PassWaitAsync(TimeSpan.FromSeconds(seconds)); // The child has more to be ready.

        Assert.Contains("takes too much time", (await Assert.ThrowsAsync<ToolException>(() => reading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_of_another_user_is_read_before_the_next_one_of_a_user_with_many()
    {
        var started = 0;
        var reader = new DocumentReader(
            _ => Sandboxes.Shell(Interlocked.Increment(ref started) == 3 ? $"{Frame('R')}; {Frame('N', "9")}; {Frame('P', "One")}" : $"{Frame('R')}; exec sleep 1000"),
            new FakeTimeProvider(), NullLogger<DocumentReader>.Instance);
        using var first = new CancellationTokenSource();
        using var rest = new CancellationTokenSource();
        var running = new[] { ReadAsync("ada", first.Token), ReadAsync("ada", rest.Token) };
        var waiting = ReadAsync("ada", rest.Token);
        var other = ReadAsync("bo", CancellationToken.None);

        await first.CancelAsync();

        Assert.Same(other, await Task.WhenAny(other, waiting));
        Assert.Contains("One", (await other).Text, StringComparison.Ordinal);
        await rest.CancelAsync();
        foreach (var task in running.Append(waiting))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);

        Task<DocumentText> ReadAsync(string user, CancellationToken cancellationToken) => reader.ReadAsync(Ascii("%PDF-"), DocumentKind.Pdf, user, cancellationToken);
    }

    [Fact]
    public async Task Missing_runtime_is_an_error_for_the_model()
    {
        var reader = new DocumentReader(_ => new ProcessStartInfo("/nowhere") { UseShellExecute = false }, TimeProvider.System, NullLogger<DocumentReader>.Instance);

        var exception = await Assert.ThrowsAsync<ToolException>(() => reader.ReadAsync(Ascii("%PDF-"), DocumentKind.Pdf, "ada", CancellationToken.None));

        Assert.Equal("PDFs can't be read on this server right now: look for an HTML version.", exception.Message);
    }

    [LinuxFact]
    public async Task Child_is_confined_before_it_gets_a_document()
    {
        await using var child = SandboxProcess.Start(SandboxCommand.CreateForDocument(DocumentKind.Pdf), 1000);
        Assert.Equal(SandboxProtocol.Ready, (await child.ReadAsync())?.Kind);

        Assert.All(Sandboxes.ThreadStatuses(child.Id), status => Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal));
        Assert.Matches(@"Max file size\s+0\s+0", await File.ReadAllTextAsync($"/proc/{child.Id}/limits"));
    }

    private static byte[] WithContent(byte[] content) => OfObjects(
        Ascii("<< /Type /Catalog /Pages 2 0 R >>"),
        Ascii("<< /Type /Pages /Count 1 /Kids [3 0 R] >>"),
        Ascii("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>"),
        content);

    private static byte[] WithHelvetica(string content, string ofPage = "", string ofCatalog = "", params IEnumerable<string> more) => OfObjects(
    [
        Ascii($"<< /Type /Catalog /Pages 2 0 R {ofCatalog} >>"),
        Ascii("<< /Type /Pages /Count 1 /Kids [3 0 R] >>"),
        Ascii($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> {ofPage} >>"),
        Stream("", Ascii(content)),
        Ascii("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"),
        .. more.Select(Ascii),
    ]);

    private static string At(double x, double size, string text, int y = 700) => string.Create(CultureInfo.InvariantCulture, $"BT /F {size} Tf {x} {y} Td ({text}) Tj ET ");

    // A frame of the protocol, printed by a shell. Its text is shorter than eight characters.
    private static string Frame(char kind, string text = "") => $@"printf '{kind}\{text.Length}\0\0\0{text}'";

    private static async Task<string> FailureOfAsync(byte[] pdf)
    {
        await using var web = await TestWeb.StartAsync();
        return (await Assert.ThrowsAsync<ToolException>(() => web.ReadBodyAsync(pdf, Type))).Message;
    }
}
