using System.Text;
using System.Text.Json;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.Tests.Tools.Scrape;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Moq;
using static FuncChat.Tests.Web.Files.FileBench;

namespace FuncChat.Tests.Web.Files;

public sealed class FilesInChatTests
{
    [Fact]
    public async Task Model_receives_an_image_as_data_and_the_log_keeps_the_reference()
    {
        await using var bench = await StartAsync();
        bench.Server.Model.Says("A cat.");
        var id = await bench.UploadAsync(Png, "cat.png");

        var events = SseEvent.Parse(await bench.ChatAsync($$"""{"type":"text","text":"What is this?"},{{Part(id)}}"""));

        Assert.Equal("complete", events[^1].Name);
        var parts = bench.PartsOf();
        Assert.Equal("What is this?", parts[0].GetProperty("text").GetString());
        Assert.Equal($"data:image/png;base64,{Convert.ToBase64String(Png)}", parts[1].GetProperty("image_url").GetProperty("url").GetString());
        Assert.DoesNotContain(Convert.ToBase64String(Png), string.Join('\n', events.Select(each => each.Raw)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_receives_a_file_once_when_messages_refer_to_it_several_times()
    {
        await using var bench = await StartAsync();
        bench.Server.Model.Says("A cat.");
        var id = await bench.UploadAsync(Png, "cat.png");

        await bench.ChatAsync(
            $$"""{{Part(id)}},{{Part(id)}},{"type":"text","text":"What is this?"}""",
            $$"""{"role":"user","content":[{{Part(id)}}]},{"role":"assistant","content":"A cat."},""");

        var image = Convert.ToBase64String(Png);
        var messages = string.Join('\n', bench.Server.Model.Requests[0].Messages.Select(message => Encoding.UTF8.GetString(message.Span)));
        Assert.Equal(2, messages.Split(image).Length);
        Assert.Contains(image, Encoding.UTF8.GetString(bench.Server.Model.Requests[0].Messages[0].Span), StringComparison.Ordinal);
        Assert.Equal(
            ["[The file \"cat.png\" is attached above.]", "[The file \"cat.png\" is attached above.]", "What is this?"],
            bench.PartsOf().EnumerateArray().Select(part => part.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Model_receives_text_as_text_that_is_marked()
    {
        await using var bench = await StartAsync();
        bench.Server.Model.Says("Two.").Says("Two.");
        var id = await bench.UploadAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a;ü\n1;2\n")], "table.csv");

        await bench.ChatAsync(Part(id));
        await bench.ChatAsync(Part(id));

        var text = bench.PartsOf().EnumerateArray().Single().GetProperty("text").GetString();
        Assert.Matches("""^File "table.csv" \(text/csv\):\nThis comes from outside\..*\n<(untrusted_content_[0-9a-f]{12})>\na;ü\n1;2\n\n</\1>$""", text);
        Assert.Equal(text, bench.PartsOf(1).EnumerateArray().Single().GetProperty("text").GetString());
    }

    [Fact]
    public async Task Model_receives_text_of_an_old_encoding_with_the_guess_named()
    {
        await using var bench = await StartAsync();
        bench.Server.Model.Says("Two.");
        byte[] content = [0x93, 0xFA, 0x96, 0x7B, 0x8C, 0xEA, 0x82, 0xCC, 0x82, 0xE0, 0x82, 0xCC];
        var id = await bench.UploadAsync(content, "note.txt");

        await bench.ChatAsync($$$"""{{{Part(id)}}},{"type":"file","file":{"filename":"note.txt","file_data":"data:text/plain;base64,{{{Convert.ToBase64String(content)}}}"}}""");

        var texts = bench.PartsOf().EnumerateArray().Select(part => part.GetProperty("text").GetString()!).ToList();
        Assert.StartsWith("File \"note.txt\" (text/plain, read as shift_jis, which is a guess):\n", texts[0], StringComparison.Ordinal);
        Assert.StartsWith("File \"note.txt\", read as shift_jis, which is a guess:\n", texts[1], StringComparison.Ordinal);
        Assert.All(texts, text => Assert.Contains("\n日本語のもの\n", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Model_that_accepts_no_files_receives_the_text_of_a_PDF()
    {
        await using var bench = await StartAsync();
        bench.Server.Model.Says("It grew.");
        var id = await bench.UploadAsync(TestPdf.Of("Report", "Revenue grew."), "report.pdf");

        await bench.ChatAsync(Part(id));

        Assert.Contains("--- Page 1 of 1 ---\n\nRevenue grew.", bench.PartsOf()[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_receives_the_text_of_a_workbook()
    {
        await using var bench = await StartAsync();
        bench.Server.Model.Says("One row.");
        var id = await bench.UploadAsync(TestOffice.Workbook("""<row><c r="A1"><v>42</v></c></row>"""), "prices.xlsx");

        await bench.ChatAsync(Part(id));

        Assert.Contains("--- Sheet Prices ---\n\n42", bench.PartsOf()[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Model_receives_a_PDF_as_a_file_when_it_accepts_files(bool accepts)
    {
        var store = new FolderFileStore(Path.Combine(Path.GetTempPath(), $"files-{Guid.NewGuid():N}"));
        var file = new StoredFile { User = "ada", Id = FileKey.NewFileId(), Name = "a.pdf", MediaType = "application/pdf", Bytes = 5, CreatedAt = default, HasText = true };
        await store.WriteAsync(file, "%PDF-"u8.ToArray(), "the text", CancellationToken.None);
        var parts = PartsOf(store);
        var model = new ResolvedModel("p", "m", new FakeModel()) { Capabilities = new ModelCapabilities { Files = accepts } };

        using var resolved = await parts.ResolveAsync("ada", [Utf8($$"""{"role":"user","name":"ada","content":[{{Part(file.Id)}}]}""")], model, CancellationToken.None);

        var message = Encoding.UTF8.GetString(resolved.Messages.Single().Span);
        Assert.StartsWith("""{"role":"user","name":"ada","content":[{"type":""", message, StringComparison.Ordinal);
        Assert.Contains(accepts ? """{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}""" : "the text", message, StringComparison.Ordinal);
        await store.DeleteAsync(file.Key, CancellationToken.None);
    }

    [Fact]
    public async Task Conversation_continues_when_a_file_of_an_earlier_message_has_expired()
    {
        await using var bench = await StartAsync();
        bench.Server.Model.Says("Hello again.");
        var id = await bench.UploadAsync(Png, "a.png");
        using var deleted = await bench.DeleteAsync($"api/files/{id}");

        var events = SseEvent.Parse(await bench.ChatAsync(
            """{"type":"text","text":"And now?"}""", $$"""{"role":"user","content":[{{Part(id)}}]},{"role":"assistant","content":"A cat."},"""));

        Assert.Equal("complete", events[^1].Name);
        Assert.Contains("no longer available", Encoding.UTF8.GetString(bench.Server.Model.Requests[0].Messages[0].Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Earlier_messages_that_refer_to_many_files_cost_a_bounded_number_of_reads()
    {
        var store = new Mock<IFileStore>();
        store.Setup(files => files.ReadAsync(It.IsAny<FileKey>(), It.IsAny<CancellationToken>())).ReturnsAsync((StoredFile?)null);
        var parts = PartsOf(store.Object);
        var ids = Enumerable.Range(0, FileParts.MaxFiles + 100).Select(_ => FileKey.NewFileId()).ToList();

        using var resolved = await parts.ResolveAsync(
            "ada", [Utf8($$"""{"role":"user","content":[{{string.Join(',', ids.Select(Part))}}]}""")], new ResolvedModel("p", "m", new FakeModel()), CancellationToken.None);

        store.Verify(files => files.ReadAsync(It.IsAny<FileKey>(), It.IsAny<CancellationToken>()), Times.Exactly(FileParts.MaxFiles));
        var last = new FileKey("ada", ids[^1]);
        store.Verify(files => files.ReadAsync(last, It.IsAny<CancellationToken>()));
        var texts = JsonElement.Parse(resolved.Messages.Single().Span).GetProperty("content").EnumerateArray().Select(part => part.GetProperty("text").GetString()!).ToList();
        Assert.All(texts[..100], text => Assert.Equal("[A file that was attached here is left out: only the last 500 files of a conversation are read.]", text));
        Assert.All(texts[100..], text => Assert.Contains("no longer available", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_that_is_attached_again_is_one_of_the_last_ones()
    {
        var store = new Mock<IFileStore>();
        var ids = Enumerable.Range(0, FileParts.MaxFiles + 1).Select(_ => FileKey.NewFileId()).ToList();
        var parts = PartsOf(store.Object);

        using var resolved = await parts.ResolveAsync(
            "ada",
            [Utf8($$"""{"role":"user","content":[{{string.Join(',', ids.Select(Part))}}]}"""), Utf8($$"""{"role":"user","content":[{{Part(ids[0])}}]}""")],
            new ResolvedModel("p", "m", new FakeModel()), CancellationToken.None);

        store.Verify(files => files.ReadAsync(new FileKey("ada", ids[0]), It.IsAny<CancellationToken>()), Times.Once);
        store.Verify(files => files.ReadAsync(new FileKey("ada", ids[1]), It.IsAny<CancellationToken>()), Times.Never);
    }

    [Theory]
    [InlineData("file_0123456789abcdef0123456789abcdef", "There is no such file. It may have expired.")]
    [InlineData("file-abc123", "There is no such file. Upload it to /api/files, or send the file itself as file_data.")]
    public async Task Message_is_refused_when_it_refers_to_an_unknown_file(string id, string detail)
    {
        await using var bench = await StartAsync();

        var problem = System.Text.Json.JsonElement.Parse(await bench.ChatAsync($$"""{"type":"text","text":"x"},{{Part(id)}}"""));

        Assert.Equal(
            ("$.messages[0].content[1].file.file_id", detail), (problem.GetProperty("path").GetString(), problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Files_beyond_the_bytes_of_a_call_are_left_out_the_oldest_first()
    {
        await using var bench = await StartAsync(("FuncChat:Turns:MaxRequestBytes", "1073741824"));
        bench.Server.Model.Says("Yes.");
        var large = new byte[FileParts.MaxBytes / 2];
        Png.CopyTo(large, 0);
        var ids = new[] { await bench.UploadAsync(large, "first.png"), await bench.UploadAsync(large, "second.png"), await bench.UploadAsync(Png, "third.png") };

        await bench.ChatAsync(string.Join(',', ids.Select(Part)));

        Assert.Equal(["text", "image_url", "image_url"], bench.PartsOf().EnumerateArray().Select(part => part.GetProperty("type").GetString()));
        Assert.Contains("\"first.png\" is left out", bench.PartsOf()[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_ends_with_an_error_that_may_pass_when_the_store_of_files_fails()
    {
        await using var bench = await StartAsync();
        var failing = PartsOf(new FailingStore());
        var model = new ResolvedModel("p", "m", new FakeModel());

        var failure = await Assert.ThrowsAsync<ModelException>(() => failing.ResolveAsync(
            "ada", [Utf8($$"""{"role":"user","content":[{{Part(FileKey.NewFileId())}}]}""")], model, CancellationToken.None));

        Assert.True(failure.Error.Retryable);
        Assert.IsType<TurnStoreException>(failure.InnerException);
    }

    [Fact]
    public async Task Chat_completions_and_responses_accept_uploaded_files()
    {
        await using var bench = await StartAsync();
        bench.Server.Model.Says("A cat.").Says("A cat.").Says("A cat.");
        var id = await bench.UploadAsync(Png, "cat.png");

        using var completion = await bench.Server.SendAsync(
            HttpMethod.Post, "api/v1/chat/completions", GuardedServer.BotKey, $$"""{"model":"fake:model","messages":[{"role":"user","content":[{{Part(id)}}]}]}""");
        using var image = await bench.Server.SendAsync(
            HttpMethod.Post, "api/v1/responses", GuardedServer.BotKey,
            $$"""{"model":"fake:model","input":[{"role":"user","content":[{"type":"input_image","file_id":"{{id}}"}]}]}""");
        using var file = await bench.Server.SendAsync(
            HttpMethod.Post, "api/v1/responses", GuardedServer.BotKey,
            $$"""{"model":"fake:model","input":[{"role":"user","content":[{"type":"input_file","file_id":"{{id}}"}]}]}""");

        foreach (var response in new[] { completion, image, file })
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        foreach (var call in Enumerable.Range(0, 3))
            Assert.Equal("image_url", bench.PartsOf(call)[0].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(",\"detail\":\"low\"", "low")]
    [InlineData(",\"detail\":\"auto\"", null)]
    [InlineData(",\"detail\":\"original\"", null)]
    [InlineData("", null)]
    public async Task Detail_of_an_uploaded_image_reaches_the_model(string field, string? sent)
    {
        await using var bench = await StartAsync();
        bench.Server.Model.Says("A cat.");
        var id = await bench.UploadAsync(Png, "cat.png");

        using var response = await bench.Server.SendAsync(
            HttpMethod.Post, "api/v1/responses", GuardedServer.BotKey,
            $$"""{"model":"fake:model","input":[{"role":"user","content":[{"type":"input_image","file_id":"{{id}}"{{field}}}]}]}""");

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal(sent, bench.PartsOf(0)[0].GetProperty("image_url").TryGetProperty("detail", out var detail) ? detail.GetString() : null);
    }

    [Fact]
    public async Task Image_that_a_tool_returns_is_kept_as_a_file_of_the_user()
    {
        await using var bench = await StartAsync();
        var tools = new ToolCatalog([Tool.FromMethod(DrawAsync, "draw", "Draws.", readOnly: true)]);
        var runner = ActivatorUtilities.CreateInstance<InProcessToolRunner>(bench.Server.Services, tools);
        var spec = new ToolRunSpec("run-1", "call_1", new ToolRef("draw", null), "{}", FakeModel.Name) { User = new ToolUser("ada", null), ThreadId = "thread-0001" };

        ToolRunOutcome? outcome = null;
        await foreach (var snapshot in runner.RunAsync(spec, CancellationToken.None))
            outcome = snapshot.Outcome ?? outcome;

        var id = Assert.Single(ImageReference.In(outcome!.Content));
        var file = await bench.Server.Services.GetRequiredService<FileService>().ReadAsync(new FileKey("ada", id), CancellationToken.None);
        Assert.Equal(("draw.png", "image/png", "thread-0001"), (file.Value!.Name, file.Value.MediaType, file.Value.ThreadId));

        static async Task<string> DrawAsync(IToolRun run, CancellationToken cancellationToken)
        {
            Assert.Null(await run.KeepImageAsync("no image"u8.ToArray(), cancellationToken));
            return $"Here: {ImageReference.To((await run.KeepImageAsync(Png, cancellationToken))!)}";
        }
    }

    // Fails as a client of Azure Storage does: asynchronously, and with its exception.
    private static FileParts PartsOf(IFileStore store)
    {
        var memory = new RequestMemory(Options.Create(new TurnOptions()));
        return new FileParts(new FileStorage(store, memory, TimeProvider.System), memory);
    }

    private sealed class FailingStore : IFileStore
    {
        public Task WriteAsync(StoredFile file, ReadOnlyMemory<byte> content, string? text, CancellationToken cancellationToken) => FailAsync<bool>();

        public Task UpdateAsync(StoredFile file, CancellationToken cancellationToken) => FailAsync<bool>();

        public Task<StoredFile?> ReadAsync(FileKey key, CancellationToken cancellationToken) => FailAsync<StoredFile?>();

        public Task<byte[]?> ReadContentAsync(FileKey key, CancellationToken cancellationToken) => FailAsync<byte[]?>();

        public Task<string?> ReadTextAsync(FileKey key, CancellationToken cancellationToken) => FailAsync<string?>();

        public Task<IReadOnlyList<StoredFile>> ListAsync(string user, CancellationToken cancellationToken) => FailAsync<IReadOnlyList<StoredFile>>();

        public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => FailAsync<DateTimeOffset>();

        public IAsyncEnumerable<StoredFile> ListCreatedBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(FileKey key, CancellationToken cancellationToken) => FailAsync<bool>();

        public Task RemoveRemainsAsync(DateTimeOffset olderThan, DateTimeOffset damagedBefore, CancellationToken cancellationToken) => FailAsync<bool>();

        private static async Task<T> FailAsync<T>()
        {
            await Task.Yield();
            throw new global::Azure.RequestFailedException(503, "The server is busy.");
        }
    }
}
