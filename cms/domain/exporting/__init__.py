from cms.domain.exporting.edition import Edition, edition_of
from cms.domain.exporting.keeping import printed_handbook
from cms.domain.exporting.single_page import single_page

__all__ = ["Edition", "edition_of", "printed_handbook", "single_page"]
