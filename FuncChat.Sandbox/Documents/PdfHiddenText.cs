using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Graphics.Colors;
using UglyToad.PdfPig.Graphics;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Tokens;

namespace FuncChat.Sandbox.Documents;

/// <summary>
/// Letters that a reader of the page can't see, which is where instructions to models are hidden: those off the page, too small, white on white, or drawn with
/// neither fill nor stroke. The last are also how a scan has its text, under its image.
/// </summary>
internal sealed class PdfHiddenText
{
    // In points.
    private const double MinSize = 1;
    private const double Flat = 0.01;
    private const double White = 0.98;

    /// <summary>A page with more shapes is a drawing.</summary>
    private const int MaxShapes = 2000;

    private readonly Page _page;

    // In points.
    private readonly double _unit;
    private readonly Lazy<List<PdfRectangle>?> _grounds;

    public PdfHiddenText(Page page)
    {
        _page = page;
        _unit = page.Dictionary.TryGet(NameToken.Create("UserUnit"), out NumericToken unit) ? unit.Double : 1;
        _grounds = new(() => GroundsOf(page));
    }

    public bool Hides(Letter letter) =>
        IsOffPage(letter)
        // The size that a bitmap font declares says little, but not the room that its letters take.
        || (letter.PointSize * _unit < MinSize && letter.Width * _unit < MinSize)
        || (letter.RenderingMode is TextRenderingMode.Neither && _page.NumberOfImages == 0)
        || (IsWhite(letter.Color) && !IsOutlined(letter) && _grounds.Value is { } grounds && !grounds.Exists(ground => Contains(ground, letter)));

    private static bool IsOutlined(Letter letter) =>
        letter.RenderingMode is TextRenderingMode.FillThenStroke or TextRenderingMode.FillThenStrokeClip && !IsWhite(letter.StrokeColor);

    private bool IsOffPage(Letter letter)
    {
        var box = letter.BoundingBox;
        return box.Right < 0 || box.Left > _page.Width || box.Top < 0 || box.Bottom > _page.Height;
    }

    // What white letters may be seen on; null where that is unknown.
    private static List<PdfRectangle>? GroundsOf(Page page)
    {
        try
        {
            if (page.Paths.Count > MaxShapes || page.Operations.Any(operation => operation is PaintShading)
                || page.Operations.Count(operation => operation is InvokeNamedXObject) > page.NumberOfImages)
                return null;
            return [.. page.Paths.Select(GroundOf).OfType<PdfRectangle>(), .. page.GetImages().Select(image => image.BoundingBox)];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    // A straight thick line is a bar. The frame that other lines make has nothing in it.
    private static PdfRectangle? GroundOf(PdfPath path)
    {
        if (path.GetBoundingRectangle() is not { } box)
            return null;
        if (path.IsStroked && !IsWhite(path.StrokeColor) && Math.Min(box.Width, box.Height) < Flat)
        {
            var half = (double)path.LineWidth / 2;
            return new PdfRectangle(box.Left - half, box.Bottom - half, box.Right + half, box.Top + half);
        }

        return path.IsFilled && !IsWhite(path.FillColor) ? box : null;
    }

    private static bool IsWhite(IColor? color) => color is not (null or PatternColor) && color.ToRGBValues() is var (red, green, blue) && red > White && green > White && blue > White;

    private static bool Contains(PdfRectangle ground, Letter letter)
    {
        var center = letter.BoundingBox.Centroid;
        return center.X >= ground.Left && center.X <= ground.Right && center.Y >= ground.Bottom && center.Y <= ground.Top;
    }
}
