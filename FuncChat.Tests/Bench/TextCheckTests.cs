using System.Text;
using FuncChat.Bench.Client;
using FuncChat.Bench.Wire;

namespace FuncChat.Tests.Bench;

/// <summary>The bench finds a stream that a server has harmed: figures of one would be worth nothing.</summary>
public sealed class TextCheckTests
{
    private const string Last = "event: complete";

    [Fact]
    public void Answer_that_is_whole_is_taken_however_its_bytes_come()
    {
        var answer = Answer(0, 1, 2);

        for (var size = 1; size <= answer.Length; size++)
            Assert.Equal(4, Read(answer, size).Events);
    }

    [Fact]
    public void Pieces_in_one_event_are_checked_one_by_one()
    {
        var (whole, lacking) = (Joined(0, 1, 2), Joined(0, 2, 2));

        Assert.Equal(2, Read(whole, 7).Events);
        AssertHarmed(lacking);
    }

    [Fact]
    public void Piece_that_is_lost_is_found() => AssertHarmed(Answer(0, 2));

    [Fact]
    public void Piece_that_is_lost_at_the_end_is_found() => AssertHarmed(Answer(0, 1));

    [Fact]
    public void Piece_that_comes_twice_is_found() => AssertHarmed(Answer(0, 1, 1, 2));

    [Fact]
    public void Pieces_out_of_order_are_found() => AssertHarmed(Answer(0, 2, 1));

    [Theory]
    [InlineData("é", "e")]
    [InlineData("é", "\u00c3\u00a9")]
    [InlineData("\\n", "\\r")]
    [InlineData("#000001", "#0001")]
    public void Piece_that_is_damaged_is_found(string text, string damaged) =>
        AssertHarmed(Answer(0, 1, 2).Replace(text, damaged, StringComparison.Ordinal));

    [Fact]
    public void Id_that_is_left_out_is_found() => AssertHarmed(Answer(0, 1, 2).Replace("id: 3", "id: 5", StringComparison.Ordinal));

    [Fact]
    public void Answer_that_breaks_off_is_found() => AssertHarmed(Answer(0, 1, 2).Replace(Last, "event: status", StringComparison.Ordinal));

    private static void AssertHarmed(string answer) => Assert.Throws<BenchException>(() => Read(answer, 7));

    private static TextCheck Read(string answer, int size)
    {
        var check = new TextCheck("\"content\":\"", Last);
        check.Begin();
        foreach (var bytes in Encoding.UTF8.GetBytes(answer).Chunk(size))
            check.Add(bytes);
        check.End(3);
        return check;
    }

    private static string Joined(params int[] numbers) =>
        Answer(numbers).Replace("\"}\n\nid: 2\nevent: delta\ndata: {\"content\":\"", "", StringComparison.Ordinal)
            .Replace("\"}\n\nid: 3\nevent: delta\ndata: {\"content\":\"", "", StringComparison.Ordinal).Replace("id: 4", "id: 2", StringComparison.Ordinal);

    private static string Answer(params int[] numbers)
    {
        var id = 0;
        var piece = new byte[Piece.Length];
        var answer = new StringBuilder();
        foreach (var number in numbers)
        {
            Piece.Write(piece, number, time: 1);
            answer.Append($"id: {++id}\nevent: delta\ndata: {{\"content\":\"{Encoding.UTF8.GetString(piece)}\"}}\n\n");
        }

        return answer.Append($"id: {++id}\n{Last}\ndata: {{}}\n\n").ToString();
    }
}
